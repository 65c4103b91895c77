"""Frames of the checks and their schemas: a frame of another shape is refused, never stored."""

import json
from typing import Any, Final

import pandas as pd
import pandera.pandas as pa
from django.db import connection
from pandera.errors import SchemaErrors

from ingestion.quality.statements import execute

COLUMNS: Final = (
    "code", "source", "subject", "finding_day", "sentence", "evidence",
    "portfolio_id", "listing_id", "known_from", "closed_because", "ceased",
)  # fmt: skip


class WrongFrame(ValueError):
    """A check handed on a frame of another shape; the message says in what."""


_text = pa.Check.str_length(min_value=1)

FINDINGS: Final = pa.DataFrameSchema(
    {
        "code": pa.Column(object, [_text, pa.Check.str_matches(r"^[A-Z][A-Z0-9_]{2,39}$")]),
        "source": pa.Column(object, _text),
        "subject": pa.Column(object, _text),
        "finding_day": pa.Column(object, nullable=True),
        "sentence": pa.Column(object, _text),
        "evidence": pa.Column(
            object,
            pa.Check(
                lambda each: set(each) == {"numbers", "rows"},
                element_wise=True,
                name="numbers and rows",
            ),
        ),
        "portfolio_id": pa.Column(object, nullable=True),
        "listing_id": pa.Column(object, nullable=True),
        "known_from": pa.Column(object, nullable=True),
        "closed_because": pa.Column(object),
        # Once true and no more: closes what was raised, and raises nothing.
        "ceased": pa.Column(bool),
    },
    strict=True,
    ordered=True,
    unique=["code", "source", "subject", "finding_day"],
    name="findings",
)

PRICE_STEPS: Final = pa.DataFrameSchema(
    {
        "listing_id": pa.Column(object),
        "key": pa.Column(object, _text),
        "priced_on": pa.Column(object),
        "price": pa.Column(object, pa.Check(lambda each: each > 0, element_wise=True)),
        "unit": pa.Column(object, _text),
        "value": pa.Column(object, pa.Check(lambda each: each > 0, element_wise=True)),
        "split_factor": pa.Column(object, pa.Check(lambda each: each > 0, element_wise=True)),
        "id": pa.Column(object),
        "file_id": pa.Column(object),
        "line_no": pa.Column(object),
        "known_from": pa.Column(object),
        "price_now": pa.Column(object, nullable=True),
        "unit_now": pa.Column(object, nullable=True),
        "value_now": pa.Column(object, nullable=True),
    },
    strict=True,
    unique=["listing_id", "priced_on"],
    name="price steps",
)


def frame(path: str, schema: pa.DataFrameSchema, parameters: dict[str, Any]) -> pd.DataFrame:
    """The rows of a check's SQL file as a frame that its schema accepts.

    Cells stay Python objects: a Decimal that became a float would be another number.
    """
    with connection.cursor() as cursor:
        execute(cursor, path, parameters)
        names = [column.name for column in cursor.description]
        rows = cursor.fetchall()
    found = pd.DataFrame(rows, columns=names, dtype=object)
    if "evidence" in names:
        found["evidence"] = [json.loads(each) for each in found["evidence"]]
        found["ceased"] = found["ceased"].astype(bool) if "ceased" in names else False
    return _valid(found, schema)


def findings(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Findings made in Python as a frame that the schema accepts."""
    found = pd.DataFrame(rows, columns=list(COLUMNS[:-1]), dtype=object)
    found["ceased"] = False
    return _valid(found, FINDINGS)


def _valid(found: pd.DataFrame, schema: pa.DataFrameSchema) -> pd.DataFrame:
    """The frame, if it has the schema's columns and values; WrongFrame says what is wrong."""
    if list(found.columns) != list(schema.columns):
        raise WrongFrame(f"{schema.name}: the columns are {', '.join(found.columns)}.")
    if found.empty:  # which is the ordinary case, and most of a validation is its set-up
        return found
    try:
        return schema.validate(found, lazy=True)
    except SchemaErrors as errors:
        cases = errors.failure_cases[["column", "check"]].drop_duplicates()
        wrong = "; ".join(f"{column} fails {check}" for column, check in cases.values.tolist())
        raise WrongFrame(f"{schema.name}: {wrong}.") from errors
