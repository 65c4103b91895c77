"""A portfolio's transactions, down to the source line as received."""

from decimal import Decimal
from typing import Any, Final

from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from helio.numbers import places_needed
from helio.pages import parameters, permits, rendering
from helio.pages.live import live_page
from portfolios.figures import queries
from portfolios.models import Listing, Transaction
from reports.dashboards import book
from reports.dashboards.frame import Frame
from reports.dashboards.portfolio_pages import known, visible_portfolio

SORTS: Final = ("effective_on", "kind", "listing", "units", "cash_effect")

_SOURCE_LINE: Final = (
    "SELECT * FROM figures.source_line WHERE portfolio_id = %s AND file_id = %s AND line_no = %s"
)


@live_page
@permits.signed_in
def transactions(request: HttpRequest, code: str) -> HttpResponse:
    """The ledger between two days, now or as known at a moment."""
    portfolio = visible_portfolio(code)
    parameters.accept_figures(request, "from", "to", "listing", "sort", "page")
    sort = parameters.sorting(request, SORTS, "-effective_on")
    frame = Frame.of(request)
    if frame.as_of is None:
        return render(request, "dashboards/waiting.html")
    known(frame, portfolio)
    start = parameters.day(request, "from") or portfolio.opened_on
    end = parameters.day(request, "to") or frame.as_of
    listing = _listing(request)
    rows = queries.transactions(portfolio, start, end, listing=listing, known_at=frame.known_at)
    paging = parameters.paged(request, len(rows))
    context = {
        "portfolio": portfolio,
        "tab": "transactions",
        "start": start,
        "end": end,
        "listing_key": listing.key if listing else "",
        "listing_keys": sorted({row.listing_key for row in rows if row.listing_key}),
        "sort": sort,
        "paging": paging,
        "transactions": book.ordered(rows, sort)[paging.window],
    }
    return rendering.page(request, "portfolios/transactions.html", context, ("transactions-rows",))


@live_page
@permits.signed_in
def transaction(request: HttpRequest, code: str, transaction_id: int) -> HttpResponse:
    """One record as booked, where it comes from, and its line as received."""
    portfolio = visible_portfolio(code)
    parameters.accept_figures(request)
    found = (
        Transaction.objects.select_related("listing__instrument")
        .filter(portfolio=portfolio, pk=transaction_id)
        .first()
    )
    if found is None:
        raise Http404("No such transaction.")
    context = {
        "portfolio": portfolio,
        "tab": "transactions",
        "transaction": found,
        "amounts": _amounts(found),
        "line": _source_line(found),
    }
    return rendering.page(request, "portfolios/transaction.html", context)


def _listing(request: HttpRequest) -> Listing | None:
    key = request.GET.get("listing", "").strip()
    if not key:
        return None
    listing = Listing.objects.filter(key=key).first()
    if listing is None:
        raise parameters.BadRequest(f"“{key[:40]}” is no listing. They look like ZORB@XNYS.")
    return listing


def _amounts(found: Transaction) -> list[tuple[str, str, Any, str, int]]:
    """Name, words, value, unit and decimals of each amount that the record has."""
    currency = found.currency
    rows: list[tuple[str, str, Any, str]] = [
        ("units", "Units", found.units, ""),
        ("unit_price", "Unit price", found.unit_price, found.price_unit),
        ("gross_amount", "Gross amount", found.gross_amount, currency),
        ("charges", "Charges", found.charges, currency),
        ("tax_withheld", "Tax withheld", found.tax_withheld, currency),
        ("cash_effect", "Cash effect", found.cash_effect, currency),
        ("second_cash_effect", "Other side", found.second_cash_effect, found.second_currency),
    ]
    return [(*row, _places(row[0], row[2])) for row in rows if row[2] is not None]


def _places(name: str, value: Decimal) -> int:
    """Decimals that show the amount in full; whole units stay whole, money has two at least."""
    return max(0 if name == "units" else 2, places_needed([value], most=12))


def _source_line(found: Transaction) -> dict[str, Any] | None:
    """The line behind the record with its file; None when the perimeter does not show it."""
    with connection.cursor() as cursor:
        cursor.execute(_SOURCE_LINE, [found.portfolio_id, found.file_id, found.line_no])
        row = cursor.fetchone()
        names = [column.name for column in cursor.description or ()]
    return dict(zip(names, row, strict=True)) if row else None
