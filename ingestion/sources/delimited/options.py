"""What a definition may say about delimited text."""

from dataclasses import dataclass

from ingestion.definition.section import Section
from ingestion.sources.encodings import encoding


@dataclass(frozen=True)
class Trailer:
    """The control record: how many records it promises and the sum of which columns."""

    tag: str
    total_of: tuple[str, ...]


@dataclass(frozen=True)
class DelimitedOptions:
    """How the lines of a delimited file are read."""

    encoding: str
    delimiter: str
    quoted: bool
    header_tag: str
    header_fields: tuple[str, ...]
    trailer: Trailer | None


def parse_options(section: Section) -> DelimitedOptions:
    """The options of a ``[file.format]`` table of kind delimited; mistakes go to the section."""
    delimiter = section.text("delimiter", ",")
    if len(delimiter) != 1:
        section.wrong("delimiter", f"is {delimiter!r}; write one character, like ',' or '|'.")
        delimiter = ","
    header = section.child("header", section.get("header", {}))
    header_tag = header.text("tag", "")
    header_fields = header.texts("fields")
    header.close()
    trailer_table = section.get("trailer")
    trailer = None
    if trailer_table is not None:
        child = section.child("trailer", trailer_table)
        trailer = Trailer(tag=child.text("tag"), total_of=child.texts("total_of"))
        child.close()
    return DelimitedOptions(
        encoding=encoding(section),
        delimiter=delimiter,
        quoted=section.text("quoting", "minimal", ("minimal", "none")) == "minimal",
        header_tag=header_tag,
        header_fields=header_fields,
        trailer=trailer,
    )
