"""What a definition may say about delimited text."""

from dataclasses import dataclass

from ingestion.definition.section import Section
from ingestion.mapping.style import PLAIN, Style
from ingestion.sources.control import TrailerRule, trailer_rule
from ingestion.sources.encodings import encoding


@dataclass(frozen=True)
class DelimitedOptions:
    """How the lines of a delimited file are read."""

    encoding: str
    delimiter: str
    quoted: bool
    header_tag: str
    header_fields: tuple[str, ...]
    trailer: TrailerRule | None
    columns: tuple[str, ...]  # where the file does not name them itself
    records: dict[str, tuple[str, ...]]  # several record types: columns by the first field
    style: Style = PLAIN


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
        trailer = trailer_rule(child)
        child.close()
    types = section.child("records", section.get("records", {}))
    records = {tag: types.texts(tag) for tag in types.table}
    columns = section.texts("columns")
    if records and columns:
        section.wrong("columns", "cannot stand beside records; each record type names its own.")
    return DelimitedOptions(
        encoding=encoding(section),
        delimiter=delimiter,
        quoted=section.text("quoting", "minimal", ("minimal", "none")) == "minimal",
        header_tag=header_tag,
        header_fields=header_fields,
        trailer=trailer,
        columns=columns,
        records=records,
    )
