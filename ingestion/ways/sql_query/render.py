"""Values of a query as the text of a CSV cell: the same value always gives the same text."""

import csv
import datetime as dt
import io
import json
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any
from uuid import UUID

from ingestion.ways.visit import FetchFailed


def lines(columns: list[str], rows: Iterable[tuple[Any, ...]]) -> Iterator[bytes]:
    """A header and one line a row, UTF-8, separated by commas, quoted where needed."""
    yield _line(columns)
    for row in rows:
        yield _line(map(text, row))


def text(value: Any) -> str:
    """The cell: nothing for NULL, ISO 8601 for times, plain decimals for numbers."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dt.datetime) and value.tzinfo is not None:
        return value.astimezone(dt.UTC).isoformat()
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
    if isinstance(value, str | int | float | UUID):
        return str(value)
    raise FetchFailed(
        f"The query returns a value of the kind {type(value).__name__}; cast it to text."
    )


def _line(cells: Iterable[str]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerow(cells)
    return buffer.getvalue().encode()
