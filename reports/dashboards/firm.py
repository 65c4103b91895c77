"""``/firm/``: leadership's page. Aggregates only; it opens no portfolio."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import BadRequest
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from helio import numbers
from helio.accounts import roles
from helio.accounts.requests import person
from helio.pages import parameters, permits, rendering
from helio.pages.later import later_each
from helio.pages.live import live_page
from portfolios.figures import firm_then, queries
from portfolios.tasks import compute_firm_then
from reports.dashboards.charts import Chart, Series, growth, period_sentence
from reports.dashboards.frame import Frame
from reports.dashboards.periods import PERIODS, start_of

TOP: Final = 5
LOOK_AGAIN_SECONDS: Final = 3


@live_page
@permits.role(roles.EXECUTIVE, roles.AUDITOR)
def firm(request: HttpRequest) -> HttpResponse:
    """Assets, flows, result, desks against benchmark, movers: words first."""
    parameters.accept_figures(request, "period")
    frame = Frame.of(request)
    if frame.as_of is None:
        return render(request, "dashboards/waiting.html")
    period = parameters.choice(request, "period", PERIODS, "ytd")
    cut = frame.cut
    if cut is not None and not is_ready(cut):
        return _not_ready(request, cut)
    told = queries.firm(frame.as_of, cut)
    if told is None:
        return render(request, "dashboards/waiting.html")
    context = {
        "currency": settings.HELIO_CURRENCY,
        "firm": told,
        "sentences": sentences(told, settings.HELIO_CURRENCY),
        "desks": queries.desks(frame.as_of, cut),
        "missing": queries.missing_from_firm(frame.as_of, cut),
        "period": period,
        "periods": PERIODS,
        **later_each(partial(_courses, frame.as_of, period, cut), "risks", "movers", "chart"),
    }
    return rendering.page(request, "dashboards/firm.html", context, ("value-panel",))


def _courses(as_of: date, period: str, cut: queries.Cut | None) -> dict[str, Any]:
    """Context that takes more than a few days to tell: risk, the day's movers, and the chart."""
    start = start_of(PERIODS[period], as_of, queries.valuation_days(as_of, cut))
    if cut is None:
        queries.read_firm(as_of, start, top=TOP)
    return {
        "risks": queries.risks_firm(as_of, cut),
        "movers": queries.firm_movers(as_of, top=TOP, cut=cut),
        "chart": _chart(queries.firm_series(start, as_of, cut), PERIODS[period].phrase),
    }


@live_page
@permits.role(roles.EXECUTIVE, roles.AUDITOR)
def firm_performance(request: HttpRequest) -> HttpResponse:
    """The firm and its desks against the benchmark, by period and by calendar year."""
    parameters.accept_figures(request)
    frame = Frame.of(request)
    if frame.as_of is None:
        return render(request, "dashboards/waiting.html")
    cut = frame.cut
    if cut is not None and not is_ready(cut):
        return _not_ready(request, cut)
    told = queries.composite_periods(frame.as_of, cut)
    if not told:
        return render(request, "dashboards/waiting.html")
    context = {"currency": settings.HELIO_CURRENCY, "composites": told}
    return rendering.page(request, "dashboards/firm_performance.html", context)


@require_POST
@permits.role(roles.EXECUTIVE, roles.AUDITOR)
def ask_then(request: HttpRequest) -> HttpResponse:
    """Asks the worker for the firm as known at a moment, and goes back to where it will be."""
    known_at = parameters.moment(request.POST.get("known_at", ""), "known_at")
    if known_at is None:
        raise BadRequest("Say as known when.")
    queries.knowledge_cut(known_at)
    asked = firm_then.ask(known_at=known_at, by=person(request).pk)
    if asked is not None and asked.state == asked.State.ASKED:
        transaction.on_commit(partial(compute_firm_then.delay, asked.pk), robust=True)
    kept = {"known_at": known_at.isoformat()}
    if as_of := request.POST.get("as_of"):
        kept["as_of"] = as_of
    response = HttpResponseRedirect(f"{reverse('firm')}?{urlencode(kept)}")
    response.status_code = HTTPStatus.SEE_OTHER
    return response


def is_ready(cut: queries.Cut) -> bool:
    """True when the worker computed the firm as known then."""
    told = queries.firm_cut(cut.known_at)
    return told is not None and told.state == told.State.READY


def _not_ready(request: HttpRequest, cut: queries.Cut) -> HttpResponse:
    told = queries.firm_cut(cut.known_at)
    response = render(request, "dashboards/firm_then.html", {"asked": told})
    if told is not None and told.state == told.State.ASKED:
        # Without a script: the browser looks again by itself.
        response["Refresh"] = str(LOOK_AGAIN_SECONDS)
    return response


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
