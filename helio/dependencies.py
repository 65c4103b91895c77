"""``python -m helio.dependencies``: known vulnerabilities of the pinned packages, by OSV.dev.

Part of ``make check``. Exit code 1 when the service knows one that is not excused below; 0 with a
plain sentence when the service cannot be reached, since a check must not depend on the network:
nothing was audited then, and it says so. Needs no Django.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import httpx

SERVICE: Final = "https://api.osv.dev/v1/querybatch"
PINNED: Final = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;]+)")
SECONDS: Final = 20


@dataclass(frozen=True)
class Excuse:
    """Why a known vulnerability does not concern Helio, and until when that is believed."""

    reason: str
    until: dt.date


# By OSV identifier. An excuse that ran out fails the check like none.
EXCUSED: Final[Mapping[str, Excuse]] = {}


class NotAuditedError(RuntimeError):
    """The service could not be asked; nothing is known."""


def pinned(text: str) -> list[tuple[str, str]]:
    """Name and version of each package that a constraints file pins."""
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    found = (PINNED.match(line) for line in lines)
    return [(one[1], one[2]) for one in found if one]


def vulnerabilities(packages: list[tuple[str, str]], service: str) -> dict[str, list[str]]:
    """Identifiers of what is known by ``name==version``; NotAuditedError without an answer."""
    queries = [
        {"package": {"name": name, "ecosystem": "PyPI"}, "version": version}
        for name, version in packages
    ]
    try:
        answer = httpx.post(service, json={"queries": queries}, timeout=SECONDS)
        answer.raise_for_status()
        results = answer.json()["results"]
    except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
        raise NotAuditedError(type(error).__name__) from error
    if len(results) != len(packages):
        raise NotAuditedError("the answer does not fit the question")
    return {
        f"{name}=={version}": [one["id"] for one in result["vulns"]]
        for (name, version), result in zip(packages, results, strict=True)
        if result.get("vulns")
    }


def unexcused(found: Mapping[str, list[str]], today: dt.date) -> dict[str, list[str]]:
    """What is left of the vulnerabilities found once those with a standing excuse are taken out."""
    left = {
        package: [one for one in ids if one not in EXCUSED or EXCUSED[one].until < today]
        for package, ids in found.items()
    }
    return {package: ids for package, ids in left.items() if ids}


def main(constraints: Path = Path("constraints.txt")) -> int:
    """Exit code of the audit; says what was and what was not looked at."""
    packages = pinned(constraints.read_text(encoding="utf-8"))
    try:
        found = vulnerabilities(packages, os.environ.get("OSV_SERVICE", SERVICE))
    except NotAuditedError as error:
        _say(
            f"NOTE: the {len(packages)} pinned packages were NOT audited: OSV.dev gave no answer"
            f" ({error}). Run `make audit` where it can be reached."
        )
        return 0
    bad = unexcused(found, dt.datetime.now(dt.UTC).date())
    for package, ids in bad.items():
        _say(f"{package}: {', '.join(f'https://osv.dev/vulnerability/{one}' for one in ids)}")
    if not bad:
        _say(f"No known vulnerability in the {len(packages)} pinned packages (OSV.dev).")
    return 1 if bad else 0


def _say(sentence: str) -> None:
    sys.stdout.write(sentence + "\n")


if __name__ == "__main__":
    sys.exit(main())
