"""What a definition may say about a file of fixed width."""

from dataclasses import dataclass

from ingestion.definition.section import Section
from ingestion.mapping.style import PLAIN, Style
from ingestion.sources.control import TrailerRule, trailer_rule
from ingestion.sources.encodings import encoding

POSITION_MAX = 20_000

# Columns by name: where they begin, counted from 0, and where they end.
Layout = dict[str, tuple[int, int]]


@dataclass(frozen=True)
class FixedOptions:
    """Where a line's record type stands, and where the columns of each type stand."""

    encoding: str
    tag: tuple[int, int] | None
    records: dict[str, Layout]
    header_tag: str
    header: Layout
    trailer: TrailerRule | None
    trailer_layout: Layout
    pad: bool
    style: Style = PLAIN

    def width(self, part: str) -> int:
        """How long a line of a record type is at least."""
        return max((end for _, end in self.records[part].values()), default=0)


def parse_options(section: Section) -> FixedOptions:
    """The options of a ``[file.format]`` table of kind fixed_width."""
    tag = _position(section, "tag") if "tag" in section.table else None
    header, header_layout = _framing(section, "header")
    header_tag = header.text("tag") if header else ""
    if header:
        header.close()
    footer, trailer_layout = _framing(section, "trailer")
    trailer = trailer_rule(footer) if footer else None
    if footer:
        footer.close()
    if (header or footer) and tag is None:
        section.wrong("tag", "is missing; it says where a line's record type stands, like [1, 2].")
    return FixedOptions(
        encoding=encoding(section),
        tag=tag,
        records=_records(section, tag is not None),
        header_tag=header_tag,
        header=header_layout,
        trailer=trailer,
        trailer_layout=trailer_layout,
        pad=section.flag("pad"),
    )


def _records(section: Section, tagged: bool) -> dict[str, Layout]:
    """The layout of each record type; of the one type under an empty name without a tag."""
    key = "records" if tagged else "columns"
    table = section.child(key, section.get(key, {}))
    if not table.table:
        what = "a table of columns for each tag" if tagged else "each column with its positions"
        section.wrong(key, f"is missing; write {what}.")
    if not tagged:
        return {"": _layout(table)}
    return {part: _layout(table.child(part, table.get(part))) for part in table.table}


def _framing(section: Section, key: str) -> tuple[Section | None, Layout]:
    """The header or trailer table and the layout of its fields."""
    table = section.get(key)
    if table is None:
        return None, {}
    child = section.child(key, table)
    fields = _layout(child.child("fields", child.get("fields", {})))
    if key == "trailer" and not fields.keys() & {"count", "total"}:
        child.wrong(
            "fields", "is missing; say where count or total stand, like { count = [3, 9] }."
        )
    return child, fields


def _layout(section: Section) -> Layout:
    return {name: _position(section, name) for name in section.table}


def _position(section: Section, key: str) -> tuple[int, int]:
    """First and last position, as specifications write them: counted from 1, both included."""
    value = section.get(key)
    if (
        isinstance(value, list)
        and len(value) == 2
        and all(type(item) is int for item in value)
        and 1 <= value[0] <= value[1] <= POSITION_MAX
    ):
        return value[0] - 1, value[1]
    section.wrong(key, f"is {value!r}; write the first and last position, like [3, 14].")
    return 0, 1
