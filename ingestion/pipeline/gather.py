"""Finds the files a command was given and which source each belongs to."""

import fnmatch
from collections import defaultdict
from pathlib import Path

from ingestion.definition.model import Definition
from ingestion.landing.delivery import Delivery


class NothingToTake(Exception):
    """The path holds no file for the source; the message says what was looked for."""


def gather(path: Path, definitions: list[Definition], *, by: str) -> dict[str, list[Delivery]]:
    """Deliveries by source, files in order of their path; a folder is looked through to its depth.

    A file belongs to the first of the definitions with a pattern for its name.
    """
    if not path.exists():
        raise NothingToTake(f"{path}: there is no such file or folder.")
    files = sorted(each for each in path.rglob("*") if each.is_file()) if path.is_dir() else [path]
    found: dict[str, list[Delivery]] = defaultdict(list)
    for file in files:
        if file.name.startswith("."):
            continue
        definition = _owner(file.name, definitions)
        if definition is None and path.is_file() and len(definitions) == 1:
            definition = definitions[0]  # landing says what is wrong with it
        if definition is not None:
            found[definition.name].append(Delivery(file.name, file, "command", by))
    if not found:
        patterns = ", ".join(p for definition in definitions for p in patterns_of(definition))
        raise NothingToTake(f"{path}: no file here is named like {patterns}.")
    return found


def patterns_of(definition: Definition) -> list[str]:
    """The file names a definition expects, archives included."""
    names = [kind.pattern for kind in definition.files]
    stems = [*names, *(name.rsplit(".", 1)[0] for name in names)]
    return names + [f"{stem}.{suffix}" for stem in stems for suffix in definition.archives]


def _owner(name: str, definitions: list[Definition]) -> Definition | None:
    for definition in definitions:
        if any(fnmatch.fnmatch(name, pattern) for pattern in patterns_of(definition)):
            return definition
    return None
