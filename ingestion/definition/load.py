"""Loads source definitions from TOML files or folders of them."""

import hashlib
import tomllib
from pathlib import Path

from ingestion.definition import ways
from ingestion.definition.files import file_kind
from ingestion.definition.model import Definition
from ingestion.definition.precedence import precedence
from ingestion.definition.section import BadDefinition, Section
from ingestion.sources import CONTAINERS


def load_path(path: Path) -> list[Definition]:
    """The definitions of a file or folder in order of loading; BadDefinition with all mistakes."""
    paths = sorted(path.glob("*.toml")) if path.is_dir() else [path]
    if not paths:
        raise BadDefinition([f"{path}: there is no .toml file in this folder."])
    found: list[Definition] = []
    mistakes: list[str] = []
    for each in paths:
        try:
            found.append(load_file(each))
        except BadDefinition as error:
            mistakes += error.sentences
    if mistakes:
        raise BadDefinition(mistakes)
    return sorted(found, key=lambda definition: (definition.order, definition.name))


def load_file(path: Path) -> Definition:
    """The definition in one file."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadDefinition([f"{path.name}: cannot be read: {error}."]) from error
    return load_text(text, path.name)


def load_text(text: str, file: str) -> Definition:
    """The definition in a text; ``file`` names it in the sentences."""
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadDefinition([f"{file}: is not TOML: {error}."]) from error
    except RecursionError:
        raise BadDefinition([f"{file}: is nested too deeply."]) from None
    mistakes: list[str] = []
    top = Section(file, "", table, mistakes)
    definition = _definition(top, text)
    top.close()
    if mistakes:
        raise BadDefinition(mistakes)
    return definition


def _definition(top: Section, text: str) -> Definition:
    source = top.child("source", top.get("source", {}))
    name = source.text("name")
    if name and not name.replace("_", "").isalnum():
        source.wrong("name", f"is {name!r}; use letters, digits and _ only.")
    title, system = source.text("title", name), source.text("system", name)
    order = source.number("order", 50)
    archives = source.texts("archives")
    for archive in archives:
        if archive not in CONTAINERS:
            source.wrong("archives", f"has {archive!r}; allowed: {', '.join(CONTAINERS)}.")
    schedule = ways.schedule(source)
    units = top.words("units")
    files = tuple(file_kind(section) for section in top.tables("file"))
    ranks = precedence(source, (rule.record for kind in files for rule in kind.records))
    source.close()
    if not files:
        top.wrong("file", "is missing; a source has at least one [[file]].")
    for kind in {kind.name for kind in files if [k.name for k in files].count(kind.name) > 1}:
        top.wrong("file", f"has two kinds named {kind!r}.")
    fetch = ways.fetch(top, [kind.pattern for kind in files])
    return Definition(
        name=name, title=title, system=system, order=order, schedule=schedule, fetch=fetch,
        keep_bytes_days=ways.keep_bytes_days(top),
        archives=archives, units=units, files=files, precedence=ranks, text=text,
        digest=hashlib.sha256(text.encode()).hexdigest(),
    )  # fmt: skip
