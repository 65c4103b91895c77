"""``/firm/``: leadership's page. Aggregates only; it opens no portfolio."""

from collections.abc import Sequence
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from helio import numbers
from helio.accounts import roles
from helio.pages import parameters, permits, rendering
from helio.pages.live import live_page
from portfolios.figures import queries
from reports.dashboards.charts import Chart, Series, growth, period_sentence
from reports.dashboards.frame import Frame
from reports.dashboards.periods import PERIODS, start_of

TOP: Final = 5


@live_page
@permits.role(roles.EXECUTIVE, roles.AUDITOR)
def firm(request: HttpRequest) -> HttpResponse:
    """Assets, flows, result, desks against benchmark, movers: words first."""
    parameters.accept(request, "period")
    frame = Frame.of(request)
    if frame.as_of is None:
        return render(request, "dashboards/waiting.html")
    period = parameters.choice(request, "period", PERIODS, "ytd")
    told = queries.firm(frame.as_of)
    if told is None:
        return render(request, "dashboards/waiting.html")
    start = start_of(PERIODS[period], frame.as_of, queries.valuation_days(frame.as_of))
    context = {
        "currency": settings.HELIO_CURRENCY,
        "firm": told,
        "sentences": sentences(told, settings.HELIO_CURRENCY),
        "desks": queries.desks(frame.as_of),
        "risks": queries.risks_firm(frame.as_of),
        "movers": queries.firm_movers(frame.as_of, top=TOP),
        "period": period,
        "periods": PERIODS,
        "chart": _chart(queries.firm_series(start, frame.as_of), PERIODS[period].phrase),
    }
    return rendering.page(request, "dashboards/firm.html", context, ("value-panel",))


def sentences(told: Any, currency: str) -> list[str]:
    """The day in words a person would say, made from the figures beside them."""
    result = "earned" if told.day_pnl >= 0 else "lost"
    amount = f"{numbers.compact(abs(told.day_pnl), 1)} {currency}"
    day = numbers.percent(told.day_return, 2, signed=True)
    lines = [f"The firm {result} {amount} on the day, {day}."]
    if told.year is not None and told.benchmark_year is not None:
        ahead = told.year - told.benchmark_year
        way = "ahead of" if ahead >= 0 else "behind"
        lines.append(
            f"This year it made {numbers.percent(told.year, 1, signed=True)}, "
            f"{numbers.points(abs(ahead), 1, signed=False)} {way} its benchmark."
        )
    flow = told.inflow_year - told.outflow_year
    clients = "brought" if flow >= 0 else "took out"
    lines.append(f"Clients {clients} {numbers.compact(abs(flow), 1)} {currency} net this year.")
    return lines


def _chart(series: Sequence[Any], phrase: str) -> Chart:
    dates = [row.valued_on for row in series]
    net = [row.wealth - 1 for row in series]
    benchmark = growth([row.benchmark_wealth for row in series])
    return Chart(
        id="value-chart",
        title="Return of the firm",
        summary=period_sentence(phrase, net, dates),
        dates=dates,
        series=[
            Series("portfolio", "Firm", "percent", net),
            Series("benchmark", "Benchmark", "percent", benchmark),
        ],
    )
