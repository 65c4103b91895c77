"""Looking up while reading answers what the statements of the load would, or leaves it to them."""

from datetime import timedelta
from itertools import product

import pytest
from django.db import connection, transaction
from psycopg import sql

from ingestion.crosswalk.lookup import Lookup
from ingestion.mapping.mapper import Block
from ingestion.models import Identifier, PortfolioKey
from ingestion.sqlfile import run
from ingestion.staging import stage
from ingestion.staging.part import Part
from ingestion.staging.stage import table
from portfolios.models import Venue

pytestmark = pytest.mark.usefixtures("alpha", "as_worker")

BATCH = 987_654
ANSWERS = "listing_id", "portfolio_id", "on_day", "mapped_from"
# Around the edges of a stretch of use, and at hours when the date differs between venues.
AROUND = (-1, 0, 1)
HOURS = ("00:30:00", "13:00:00", "23:30:00")


def asked():
    """Scheme, code, scope, day or execution time for every code the crosswalk knows, and some."""
    segments = list(Venue.objects.values_list("segment_mic", flat=True))
    for code in Identifier.objects.filter(known_to=None):
        edges = [edge for edge in (code.valid_from, code.valid_to) if edge]
        scopes = {code.scope, "", "USD", *(segments if code.scheme == "SYMBOL" else ())}
        days = {edge + timedelta(days=by) for edge in edges for by in AROUND}
        for scope, day in product(sorted(scopes), sorted(days) or [None]):
            yield code.scheme, code.value, scope, str(day or "2025-03-17"), ""
        for day in sorted(days)[:2]:
            for hour in HOURS:
                yield code.scheme, code.value, code.scope, "", f"{day} {hour}+00:00"
    yield "SYMBOL", "NOBODY", "XLON", "2025-03-17", ""
    yield "", "", "", "2025-03-17", ""


def block():
    keys = [*PortfolioKey.objects.filter(system="OMS").values_list("key", flat=True), "NONE", ""]
    rows = list(asked())
    scheme, code, scope, day, executed = map(list, zip(*rows, strict=True))
    size = len(rows)
    columns = {
        "scheme": scheme, "identifier": code, "scope": scope, "on_day": day,
        "executed_at": executed, "known_from": ["2025-06-01 12:00:00+00:00"] * size,
        "scope_preferred": ["t" if at % 3 == 0 else "" for at in range(size)],
        "check_fails": ["t" if at % 97 == 0 else "" for at in range(size)],
        "system": ["OMS"] * size, "portfolio_key": [keys[at % len(keys)] for at in range(size)],
        "reference": [f"R{at}" for at in range(size)], "version": ["1"] * size,
        "status": ["NEW"] * size, "kind": ["BUY"] * size,
    }  # fmt: skip
    return Block("event", False, list(range(1, size + 1)), columns)


def answers(wanted, *, again):
    part = Part(BATCH, "blotter")
    part.add(1, wanted)
    stage.copy(part)
    names = {"table": table("event")}
    for file in ("110_resolve_listing", "120_resolve_portfolio"):
        run(f"crosswalk/sql/{file}.sql", names, batch=BATCH, again=again)
    with connection.cursor() as cursor:
        columns = sql.SQL(", ").join(map(sql.Identifier, (*ANSWERS, "code")))
        cursor.execute(
            sql.SQL("SELECT {} FROM staging.event WHERE batch_id = %s ORDER BY line_no").format(
                columns
            ),
            [BATCH],
        )
        found = cursor.fetchall()
        cursor.execute("DELETE FROM staging.event WHERE batch_id = %s", [BATCH])
    return found


def test_every_code_means_the_same_whether_it_is_looked_up_or_judged():
    with transaction.atomic():
        judged = answers(block(), again=True)
        looked_up = block()
        Lookup().resolve(looked_up)
        plain = sum(bool(listing) for listing in looked_up.columns["listing_id"])
        answered = answers(looked_up, again=False)

    assert answered == judged
    # Both sides of the rule were asked: what is plain, and what is not.
    assert len(judged) // 10 < plain < len(judged)
