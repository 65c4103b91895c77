"""The prices and fixings behind a position's value, down to the source line as received."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from helio.pages import parameters, permits, rendering
from helio.pages.live import live_page
from portfolios.figures import queries
from portfolios.figures.inputs import inputs_of
from portfolios.models import Listing
from reports.dashboards.frame import Frame
from reports.dashboards.portfolio_pages import known, visible_portfolio


@live_page
@permits.signed_in
def market_lines(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """What a position's value rests on besides its transactions: price and exchange rates."""
    portfolio = visible_portfolio(code)
    parameters.accept_figures(request)
    held = Listing.objects.select_related("instrument").filter(key=key).first()
    if held is None:
        raise Http404("No such listing.")
    frame = Frame.of(request)
    if frame.as_of is None:
        return render(request, "dashboards/waiting.html")
    rows = queries.positions(
        frame.as_of, portfolio.base_currency, [portfolio.id], known(frame, portfolio)
    )
    position = next((row for row in rows if row.listing_key == key), None)
    context = {
        "portfolio": portfolio,
        "tab": "positions",
        "listing": held,
        "position": position,
        "inputs": (
            inputs_of(position, portfolio.base_currency, frame.as_of, frame.known_at)
            if position
            else []
        ),
    }
    return rendering.page(request, "portfolios/market_lines.html", context)
