"""Bytes of one live update of a table of 500 rows, floor: the same page polled with gzip."""

import gzip
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any, Final

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import RequestFactory

from helio.bench.line import Line
from helio.bench.place import Place
from helio.bench.timing import milliseconds
from helio.rls.identity import acting_as
from helio.rls.middleware import one_state
from portfolios.bench import reads
from portfolios.figures import queries
from portfolios.models import Portfolio
from reports.dashboards.frame import Frame
from reports.dashboards.portfolio_pages import told_positions
from reports.live.frames import changes, frame
from reports.live.page import read_page

ROWS: Final = 500
SHARES: Final = (0, 10, 100)


def measure(place: Place) -> Iterator[Line]:
    """A line per share of changed rows: bytes on the wire, against the polled page."""
    person = reads.reader(place)
    with one_state(), acting_as(person):
        request = RequestFactory().get("/portfolios/BP-001/positions/")
        request.user = person
        rows = _rows()
        before = _rendered(request, rows)
        for share in SHARES:
            yield _measured(share, before, _rendered(request, _moved(rows, share)))


def _measured(share: int, before: str, after: str) -> Line:
    old, new = read_page(before), read_page(after)
    messages: list[bytes] = []
    took = milliseconds(
        lambda: messages.append(frame(start=old.version, page=new, ops=changes(old, new)))
    )
    polled = len(gzip.compress(after.encode(), compresslevel=6))
    work = f"{share}% of {ROWS} rows changed; difference and compression took {took:.1f} ms"
    return Line(f"push.rows{share}", float(len(messages[0])), "bytes", float(polled), work)


def _rows() -> list[Any]:
    """Real positions, repeated under keys of their own until there are 500."""
    as_of = queries.resolve_as_of(None)
    held = queries.positions(as_of, "USD")
    return [
        replace(held[at % len(held)], listing_key=f"B{at:03d}@XLON", listing_id=at)
        for at in range(ROWS)
    ]


def _moved(rows: list[Any], share: int) -> list[Any]:
    """The rows after a tick that moved ``share`` percent of them."""
    factor = Decimal("1.0123")
    return [
        replace(row, price=row.price * factor, value=row.value * factor)
        if at * 100 < share * len(rows)
        else row
        for at, row in enumerate(rows)
    ]


def _rendered(request: HttpRequest, rows: list[Any]) -> str:
    [portfolio] = Portfolio.objects.order_by("code")[:1]
    profits = queries.listing_profits(portfolio, queries.resolve_as_of(None))
    context = told_positions(portfolio, rows, profits, "-value") | {"frame": Frame.of(request)}
    return render_to_string("portfolios/positions.html", context, request)
