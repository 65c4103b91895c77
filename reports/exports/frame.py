"""What every dataset of an export says about itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from helio.columns import Column, table
from helio.glossary import glossary
from portfolios.figures import queries
from reports.exports.dataset import Dataset, Described
from reports.exports.request import Wanted

NAMED_PORTFOLIOS = 8


def dataset(
    *,
    report: str,
    title: str,
    wanted: Wanted,
    version: queries.Version,
    columns: Sequence[Column],
    records: Iterable[Mapping[str, object]],
    spans_days: bool = False,
) -> Dataset:
    """The records as a dataset, titled and dated by what was wanted and by the version."""
    in_one = f" taken as one in {wanted.in_one}" if wanted.in_one else ""
    days = f"from {wanted.start} to {wanted.until}" if spans_days else f"as of {wanted.as_of}"
    known = f", as known at {wanted.known_at:%Y-%m-%d %H:%M} UTC" if wanted.known_at else ""
    return Dataset(
        report=report,
        title=title,
        subtitle=f"{_portfolios(wanted)}{in_one}, {days}{known}",
        version=version.number,
        version_at=version.created_at.astimezone(dt.UTC).isoformat(timespec="seconds"),
        as_of=wanted.as_of.isoformat(),
        columns=tuple(columns),
        rows=table(columns, records),
        sources=tuple(_ages(version)),
        described=tuple(_described(column) for column in columns),
    )


def _described(column: Column) -> Described:
    entry = glossary()[column.name]
    return Described(
        name=entry.name,
        term=entry.term,
        definition=entry.definition,
        formula=entry.formula,
        unit=entry.unit_words,
    )


def _portfolios(wanted: Wanted) -> str:
    codes = [portfolio.code for portfolio in wanted.portfolios]
    if len(codes) > NAMED_PORTFOLIOS:
        return f"{len(codes)} portfolios, {codes[0]} to {codes[-1]}"
    return ", ".join(codes)


def _ages(version: queries.Version) -> Iterable[str]:
    for source, ages in sorted(version.source_ages.items()):
        newest = ages.get("newest_input_at")
        when = dt.datetime.fromisoformat(newest).astimezone(dt.UTC) if newest else None
        yield f"{source} {when:%Y-%m-%d %H:%M} UTC" if when else f"{source} nothing yet"
