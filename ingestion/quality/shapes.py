"""The columns that delimited files came with, read from what was landed."""

import csv

from django.db import connection

from ingestion.definition.model import Definition
from ingestion.models import FileColumns, Source
from ingestion.pipeline.definitions import definition_of
from ingestion.quality.statements import execute
from ingestion.sources.delimited.options import DelimitedOptions


def note_new() -> None:
    """Keeps the columns of every loaded file not looked at yet; none where none are named."""
    definitions = {source.pk: definition_of(source) for source in Source.objects.all()}
    with connection.cursor() as cursor:
        execute(cursor, "105_heads.sql", {})
        heads = cursor.fetchall()
    FileColumns.objects.bulk_create(
        [
            FileColumns(file_id=file_id, names=_columns(definitions[source_id], kind, lines))
            for file_id, source_id, kind, *lines in heads
        ],
        batch_size=500,
    )


def _columns(definition: Definition, kind_name: str, lines: list[str]) -> list[str]:
    """Names of the columns, in order; only delimited files name them."""
    kind = next((one for one in definition.files if one.name == kind_name), None)
    if kind is None or not isinstance(kind.options, DelimitedOptions):
        return []
    line = lines[1] if kind.options.header_tag else lines[0]
    delimiter = kind.options.delimiter
    if not kind.options.quoted:
        return [name.strip() for name in line.split(delimiter)]
    names = next(csv.reader([line], delimiter=delimiter), [])
    return [name.strip() for name in names]
