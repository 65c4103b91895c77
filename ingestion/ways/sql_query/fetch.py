"""Fetches a source from a database: the rows since the last mark, as one CSV file."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ingestion.ways.names import file_name
from ingestion.ways.retries import persistently
from ingestion.ways.secrets import secret
from ingestion.ways.sql_query import connect, render
from ingestion.ways.sql_query.options import Options
from ingestion.ways.visit import Brought, Fetched, FetchFailed, Visit


def fetch(options: Options, visit: Visit) -> Fetched:
    """The rows as a file and the new mark, which counts once the file is loaded."""
    address = secret(options.database)
    return persistently(visit, lambda: _query(options, visit, address))


@dataclass
class _Highest:
    """The highest mark of the rows that passed."""

    index: int | None
    value: Any = None
    count: int = 0

    def watch(self, rows: Iterator[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
        """The rows, unchanged."""
        for row in rows:
            self.count += 1
            mark = None if self.index is None else row[self.index]
            if mark is not None and (self.value is None or mark > self.value):
                self.value = mark
            yield row


def _query(options: Options, visit: Visit, address: str) -> Fetched:
    mark = visit.memory.get("mark", options.mark_start) if options.mark_column else ""
    path, visit.bytes = visit.folder / "rows.csv", 0
    with connect.opened(address, options, mark, visit) as result, path.open("wb") as file:
        highest = _Highest(_position(options, result.columns))
        for line in render.lines(result.columns, highest.watch(result.rows)):
            visit.count(len(line))
            file.write(line)
    if not highest.count:
        since = f" since {mark}" if options.mark_column else ""
        return Fetched(sentence=f"The query returns no rows{since}.")
    return Fetched(
        [Brought(file_name(options.name, visit.at), path)], {"mark": _kept(highest.value, mark)}
    )


def _position(options: Options, columns: list[str]) -> int | None:
    if not options.mark_column:
        return None
    if options.mark_column not in columns:
        raise FetchFailed(
            f"The query has no column {options.mark_column!r}, the mark; it has:"
            f" {', '.join(columns)}."
        )
    return columns.index(options.mark_column)


def _kept(value: Any, before: int | str) -> int | str:
    """The mark as it is remembered: numbers as numbers, all else as text."""
    if value is None:
        return before
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    return render.text(value)
