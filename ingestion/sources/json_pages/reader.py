"""Reads a page of JSON; numbers keep their digits, each result its line."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ingestion.definition.section import Section
from ingestion.sources.json_pages.scan import NotJson, Scanner
from ingestion.sources.rows import (
    Chunk,
    ChunkBuilder,
    FileRefused,
    Lines,
    Reading,
    Reject,
    SourceRow,
    Values,
    as_text,
)


@dataclass(frozen=True)
class JsonOptions:
    """Where in the page the list of results stands, and the page's own fields."""

    results: tuple[str, ...]


def parse_options(section: Section) -> JsonOptions:
    """The options of a ``[file.format]`` table of kind json_pages."""
    path = section.text("results", "results")
    if not path or "" in path.split("."):
        section.wrong("results", f"is {path!r}; write a path like 'results' or 'data.rows'.")
    return JsonOptions(tuple(path.split(".")))


def open_file(lines: Lines, options: JsonOptions) -> Reading:
    """The page's own fields as header and its results as rows; FileRefused for anything else."""
    scanner = Scanner(lines.text())
    try:
        found = scanner.page(options.results)
    except NotJson as error:
        raise FileRefused("UNREADABLE_FILE", f"not a page of JSON: {error}") from error
    if found.results is None:
        path = ".".join(options.results)
        raise FileRefused("NO_RESULTS", f"the page has no list of results at {path!r}")
    header = {key: as_text(value) or "" for key, value in flatten(found.header).items()}
    return Reading(header, _chunks(found.results))


def flatten(value: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """Nested objects as dotted names: {"terms": {"new": 3}} becomes {"terms.new": 3}."""
    flat: dict[str, Any] = {}
    for key, item in value.items():
        if isinstance(item, dict):
            flat.update(flatten(item, f"{prefix}{key}."))
        else:
            flat[prefix + key] = item
    return flat


def _chunks(results: list[tuple[int, Any]]) -> Iterator[Chunk]:
    building = ChunkBuilder()
    for line_no, result in results:
        if not isinstance(result, dict):
            building.rejects.append(Reject(line_no, "The result is not an object with fields."))
        else:
            values: Values = {
                key: (as_text(item) or None) if not isinstance(item, list) else None
                for key, item in flatten(result).items()
            }
            building.rows.append(SourceRow(line_no, values))
        if building.full:
            yield building.take()
    yield building.take()
