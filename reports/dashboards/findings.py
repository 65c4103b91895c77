"""Findings for those whose figures they touch: a page, a portfolio's tab, a panel, the strip."""

from collections.abc import Sequence
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from helio.pages import parameters, permits, rendering
from helio.pages.live import live_page
from portfolios.figures import findings as figures
from reports.dashboards.frame import Frame
from reports.dashboards.portfolio_pages import known, visible_portfolio

STATES: Final = ("waiting", "any")
SEVERITIES: Final = ("attention", "any")
PANEL_ROWS: Final = 5


@live_page
@permits.signed_in
def findings(request: HttpRequest) -> HttpResponse:
    """What was found about all portfolios the person may see, and what these hold."""
    parameters.accept_figures(request, "state", "severity", "page")
    context = _context(request, None) | {"heading": "Findings"}
    return rendering.page(request, "dashboards/findings.html", context)


@live_page
@permits.signed_in
def of_portfolio(request: HttpRequest, code: str) -> HttpResponse:
    """What was found about one portfolio, and about prices and rates of what it holds."""
    portfolio = visible_portfolio(code)
    parameters.accept_figures(request, "state", "severity", "page")
    frame = Frame.of(request)
    if frame.as_of is None:
        return render(request, "dashboards/waiting.html")
    known(frame, portfolio)
    context = _context(request, [portfolio.pk]) | {"portfolio": portfolio, "tab": "findings"}
    return rendering.page(request, "portfolios/findings.html", context)


def panel(portfolio_ids: Sequence[int] | None) -> dict[str, Any]:
    """Context of the dashboard's panel: the newest findings that wait, and how many there are."""
    return {
        "findings": figures.waiting(portfolio_ids)[:PANEL_ROWS],
        "findings_total": figures.waiting_count(portfolio_ids),
    }


def _context(request: HttpRequest, portfolio_ids: Sequence[int] | None) -> dict[str, Any]:
    state = parameters.choice(request, "state", STATES, "waiting")
    severity = parameters.choice(request, "severity", SEVERITIES, "attention")
    found = figures.findings(portfolio_ids, Frame.of(request).known_at)
    if state == "waiting":
        found = found.filter(state__in=figures.WAITING)
    if severity == "attention":
        found = found.exclude(severity=figures.NOTE)
    paging = parameters.paged(request, found.count())
    return {
        "findings": found[paging.window],
        "paging": paging,
        "state": state,
        "states": STATES,
        "severity": severity,
        "severities": SEVERITIES,
    }
