"""Reads JSON lines one by one; a line that is no object is a reject, and the next one is read."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

from ingestion.definition.section import Section
from ingestion.sources.control import Control, TrailerRule, trailer_rule
from ingestion.sources.encodings import encoding
from ingestion.sources.json_pages.flat import Unfit, flatten
from ingestion.sources.json_pages.scan import NotJson, decoder
from ingestion.sources.rows import (
    Chunk,
    ChunkBuilder,
    FileRefused,
    Lines,
    Reading,
    Reject,
    SourceRow,
    Values,
)
from ingestion.sources.window import TOKEN_MAX


@dataclass(frozen=True)
class JsonLinesOptions:
    """Which field tells a line's record type, and which types are header and trailer."""

    encoding: str
    part: str
    header_tag: str
    trailer: TrailerRule | None
    count_field: str
    total_field: str


def parse_options(section: Section) -> JsonLinesOptions:
    """The options of a ``[file.format]`` table of kind json_lines."""
    part = section.text("part", "")
    header_tag = ""
    if "header" in section.table:
        header = section.child("header", section.get("header"))
        header_tag = header.text("tag")
        header.close()
    trailer, count_field, total_field = None, "", ""
    if "trailer" in section.table:
        footer = section.child("trailer", section.get("trailer"))
        trailer = trailer_rule(footer)
        count_field, total_field = footer.text("count", "count"), footer.text("total", "total")
        footer.close()
    if (header_tag or trailer) and not part:
        section.wrong("part", "is missing; it names the field that tells a line's record type.")
    return JsonLinesOptions(encoding(section), part, header_tag, trailer, count_field, total_field)


def open_file(lines: Lines, options: JsonLinesOptions) -> Reading:
    """The header line's fields and a row for each object; FileRefused without a wanted header."""
    source = _objects(lines)
    first = next(source, None)
    header: dict[str, str] = {}
    if options.header_tag:
        if (
            first is None
            or isinstance(first[1], str)
            or _tag(first[1], options) != options.header_tag
        ):
            raise FileRefused(
                "NO_HEADER", f"the first line should be a record {options.header_tag!r}"
            )
        header = {name: text or "" for name, text in first[1].items()}
    elif first is not None:
        source = chain([first], source)
    return Reading(header, _chunks(source, options))


def _tag(values: Values, options: JsonLinesOptions) -> str:
    return values.get(options.part) or "" if options.part else ""


def _objects(lines: Lines) -> Iterator[tuple[int, Values | str]]:
    """Each line's number with its fields, or with the sentence that says why it has none."""
    read = decoder()
    for number, line in lines.lines():
        text = line.strip()
        if text:
            yield number, _object(read, text)


def _object(read: json.JSONDecoder, text: str) -> Values | str:
    if len(text) > TOKEN_MAX:
        return f"The line is longer than {TOKEN_MAX} characters."
    try:
        found: Any = read.decode(text)
        if not isinstance(found, dict):
            return "The line is not a JSON object with fields."
        return flatten(found)
    except json.JSONDecodeError as error:
        return f"The line is not JSON: {error.msg} at character {error.pos + 1}."
    except (NotJson, Unfit, ArithmeticError) as error:
        return f"The line cannot be read: {error}."
    except RecursionError:
        return "The line cannot be read: it is nested too deeply."


def _chunks(
    source: Iterator[tuple[int, Values | str]], options: JsonLinesOptions
) -> Iterator[Chunk]:
    control = Control(options.trailer)
    control.lines = 1 if options.header_tag else 0
    building = ChunkBuilder()
    for number, found in source:
        control.lines += 1
        if isinstance(found, str):
            control.records += 1
            building.rejects.append(Reject(number, found))
            continue
        tag = _tag(found, options)
        if options.trailer is not None and tag == options.trailer.tag:
            control.trailer(found.get(options.count_field), found.get(options.total_field))
            continue
        control.before_record()
        control.records += 1
        control.add(found)
        building.rows.append(SourceRow(number, found, tag))
        if building.full:
            yield building.take()
    control.check()
    yield building.take()
