"""Reads a page of JSON; numbers keep their digits, each result its line."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ingestion.definition.section import Section
from ingestion.sources.encodings import encoding
from ingestion.sources.json_pages.flat import Unfit, flatten
from ingestion.sources.json_pages.scan import NotJson, Scanner
from ingestion.sources.rows import (
    Chunk,
    ChunkBuilder,
    FileRefused,
    Lines,
    Reading,
    Reject,
    SourceRow,
)
from ingestion.sources.window import pieces

# Results of a small page are kept from the first pass, which must end before the header is whole.
KEPT_MAX = 2_000


@dataclass(frozen=True)
class JsonOptions:
    """Where in the page the list of results stands, and the page's own fields."""

    results: tuple[str, ...]
    encoding: str = "utf-8"


def parse_options(section: Section) -> JsonOptions:
    """The options of a ``[file.format]`` table of kind json_pages."""
    path = section.text("results", "results")
    if not path or "" in path.split("."):
        section.wrong("results", f"is {path!r}; write a path like 'results' or 'data.rows'.")
    return JsonOptions(tuple(path.split(".")), encoding(section))


def open_file(lines: Lines, options: JsonOptions) -> Reading:
    """The page's own fields as header and its results as rows; FileRefused for anything else.

    The page is walked to its end first, since its fields may stand after its results; a long one
    is then walked again, so that memory stays flat.
    """
    scanner = Scanner(pieces(lines))
    kept: list[tuple[int, Any]] | None = []
    try:
        for item in scanner.items(options.results):
            if kept is not None:
                kept.append(item)
                kept = kept if len(kept) < KEPT_MAX else None
        header = {key: value or "" for key, value in flatten(scanner.header).items()}
    except (NotJson, Unfit) as error:
        raise FileRefused("UNREADABLE_FILE", f"not a page of JSON: {error}") from error
    if not scanner.found:
        path = ".".join(options.results)
        raise FileRefused("NO_RESULTS", f"the page has no list of results at {path!r}")
    again = Scanner(pieces(lines)).items(options.results) if kept is None else iter(kept)
    return Reading(header, _chunks(again))


def _chunks(results: Iterator[tuple[int, Any]]) -> Iterator[Chunk]:
    building = ChunkBuilder()
    for line_no, result in results:
        if isinstance(result, dict):
            try:
                building.rows.append(SourceRow(line_no, flatten(result)))
            except Unfit as problem:
                building.rejects.append(Reject(line_no, f"The result cannot be read: {problem}."))
        else:
            building.rejects.append(Reject(line_no, "The result is not an object with fields."))
        if building.full:
            yield building.take()
    yield building.take()
