"""The encodings a definition may name, in one place for all kinds of text."""

from typing import Final

from ingestion.definition.section import Section

ENCODINGS: Final = (
    "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "ascii",
    "latin-1", "iso8859-15", "cp1252", "cp1250", "cp850", "cp437", "shift_jis",
)  # fmt: skip


def encoding(section: Section) -> str:
    """The encoding of a ``[file.format]`` table."""
    return section.text("encoding", "utf-8", ENCODINGS)
