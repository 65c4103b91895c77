"""From datasets to files: a pure function, so that a registered file can be issued again."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from helio import csv_file
from reports.exports import csv_export, pdf_export, xlsx_export
from reports.exports.bundle import bundle
from reports.exports.dataset import Dataset

# Raised whenever the bytes of any format change for the same dataset.
TEMPLATE_VERSION: Final = "1"

MEDIA_TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "json": "application/json",
    "zip": "application/zip",
}


@dataclass(frozen=True)
class File:
    """A file as it goes out."""

    name: str
    media_type: str
    content: bytes

    def described(self) -> dict[str, Any]:
        """Name, size and digest, as in the manifest."""
        return {
            "name": self.name,
            "media_type": self.media_type,
            "bytes": len(self.content),
            "sha256": hashlib.sha256(self.content).hexdigest(),
        }


def render(dataset: Dataset, parameters: dict[str, Any]) -> File:
    """The dataset as the file that the parameters ask for."""
    ending = parameters["format"]
    match ending:
        case "csv":
            profile = csv_file.profile_for(
                parameters.get("profile"), parameters.get("language", "")
            )
            content = csv_export.render(dataset, profile)
        case "xlsx":
            content = xlsx_export.render(dataset)
        case "pdf":
            content = pdf_export.render(dataset)
        case _:
            raise ValueError(f"There is no format {ending}.")
    known = known_part(parameters)
    name = f"helio_{dataset.report}_{dataset.as_of}{known}_v{dataset.version}.{ending}"
    return File(name, MEDIA_TYPES[ending], content)


def known_part(parameters: dict[str, Any]) -> str:
    """What the name of a file as known then says of its cut; nothing for one of now."""
    if "known_at" not in parameters:
        return ""
    moment = dt.datetime.fromisoformat(parameters["known_at"]).astimezone(dt.UTC)
    return f"_known_{moment:%Y%m%dT%H%M%SZ}"


def freeze(datasets: Sequence[Dataset]) -> bytes:
    """The datasets as compressed canonical JSON, kept with the register."""
    kept = [dataset.plain() for dataset in datasets]
    text = json.dumps(kept, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return zlib.compress(text.encode(), 6)


def thaw(frozen: bytes) -> list[Dataset]:
    """The datasets that ``freeze`` kept."""
    return [Dataset.from_plain(kept) for kept in json.loads(zlib.decompress(frozen))]


def packed(name: str, files: Sequence[File], manifest: dict[str, Any]) -> File:
    """All files and their manifest as one zip."""
    entries = {file.name: file.content for file in files}
    entries["manifest.json"] = manifest_bytes(manifest)
    return File(name, MEDIA_TYPES["zip"], bundle(entries))


def manifest_bytes(manifest: dict[str, Any]) -> bytes:
    """The manifest as readable JSON; sorted, since the register keeps no order of keys."""
    text = json.dumps(manifest, indent=2, ensure_ascii=False, sort_keys=True)
    return f"{text}\n".encode()
