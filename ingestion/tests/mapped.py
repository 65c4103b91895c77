"""Rows through the mapper, for tests that need no database."""

from collections.abc import Iterator, Mapping
from typing import Any

from ingestion.definition.model import Definition, FileKind
from ingestion.mapping.mapper import Mapper
from ingestion.sources.rows import Reject, Rows, frames


def map_rows(
    definition: Definition, kind: FileKind, header: Mapping[str, str], rows: Rows
) -> Iterator[Reject | Any]:
    """The rejects and the blocks of records of the rows."""
    mapper = Mapper(definition, kind, header)
    for frame in frames(rows):
        blocks, rejects = mapper.map(frame)
        yield from rejects
        yield from blocks
