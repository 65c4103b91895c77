"""Where profit and return of a span come from: of a portfolio, and of a selection taken as one."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from helio.accounts.requests import person
from helio.audit.sights import lists_portfolios
from helio.pages import parameters, permits, rendering
from helio.pages.later import later_each
from helio.pages.live import live_page
from portfolios.figures import queries
from reports.dashboards.book import BREAKDOWNS
from reports.dashboards.frame import Frame
from reports.dashboards.portfolio_pages import known, visible_portfolio
from reports.dashboards.spans import SPANS, first_day_of, span_of

# A page reads every holding of every day: beyond it one would be waited for, and is a file.
MOST_TOGETHER: Final = 100


@dataclass(frozen=True, slots=True)
class BridgeRow:
    """A line of the bridge: a figure by average cost and, where it differs, first in, first out."""

    label: str
    name: str
    value: Decimal
    fifo_name: str = ""
    fifo_value: Decimal | None = None
    is_end: bool = False

    @property
    def is_result(self) -> bool:
        """False for what clients brought and took: neither gain nor loss."""
        return self.name not in ("external_inflow", "external_outflow")


@live_page
@permits.signed_in
def attribution(request: HttpRequest, code: str) -> HttpResponse:
    """The value bridge, contribution by group and listing, and the active return by sector."""
    portfolio = visible_portfolio(code)
    parameters.accept_figures(request, "period", "breakdown")
    frame = Frame.of(request)
    if frame.as_of is None:
        return render(request, "dashboards/waiting.html")
    known(frame, portfolio)
    context = {
        "portfolio": portfolio,
        "code": portfolio.code,
        **_tables(_wanted(request), frame, portfolio.base_currency, [portfolio.pk]),
    }
    return rendering.page(request, "portfolios/attribution.html", context, ("groups-panel",))


@live_page
@permits.signed_in
def together(request: HttpRequest) -> HttpResponse:
    """The same of the portfolios a person sees, or of those chosen, in the reporting currency."""
    parameters.accept_figures(request, "portfolio", "period", "breakdown")
    frame = Frame.of(request)
    if frame.as_of is None:
        return render(request, "dashboards/waiting.html")
    lists_portfolios(request)
    codes, wanted = parameters.codes(request), _wanted(request)
    ids, visible = queries.portfolio_ids(codes), queries.visible()
    selected = [one for one in visible if ids is None or one.pk in ids]
    frame.period = queries.period_state(frame.as_of, ids, frame.cut)
    currency = person(request).reporting_currency
    is_told = 0 < len(selected) <= MOST_TOGETHER
    context = {
        "codes": codes,
        "together": selected,
        "together_of": visible,
        "most": MOST_TOGETHER,
        "is_too_many": len(selected) > MOST_TOGETHER,
        "missing": queries.missing_figures(frame.as_of, ids, frame.cut),
        "tab": "attribution",
        "currency": currency,
        **(_tables(wanted, frame, currency, ids) if is_told else {}),
    }
    return rendering.page(request, "dashboards/attribution.html", context, ("groups-panel",))


def _wanted(request: HttpRequest) -> tuple[str, str]:
    """The period and the breakdown asked for."""
    return (
        parameters.choice(request, "period", SPANS, "ytd"),
        parameters.choice(request, "breakdown", BREAKDOWNS, "sector"),
    )


def _tables(
    wanted: tuple[str, str], frame: Frame, currency: str, ids: list[int] | None
) -> dict[str, Any]:
    """Context of the tables over the chosen period of these portfolios taken as one.

    What an audience shares is read when the first of it is rendered.
    """
    period, breakdown = wanted
    as_of, cut = frame.as_of, frame.cut
    assert as_of is not None  # noqa: S101  the views answer for it

    def told() -> dict[str, Any]:
        span = span_of(period, as_of, currency, ids, cut)
        return {"span": span, **(_told(span, breakdown) if span else dict.fromkeys(_SHOWN))}

    return {
        "tab": "attribution",
        "currency": currency,
        "spans": SPANS,
        "period": period,
        "told_period": SPANS[period].period,
        "starts_on": first_day_of(period, as_of, cut),
        "breakdowns": BREAKDOWNS,
        "breakdown": breakdown,
        **later_each(told, "span", *_SHOWN),
    }


_SHOWN: Final = (
    "bridge",
    "causes",
    "contributions",
    "groups",
    "listings",
    "attributed",
    "exchanged",
)


def _told(span: queries.Span, breakdown: str) -> dict[str, Any]:
    if span.cut is None:
        queries.read_span(span)
    contributions = queries.contributions_of(span)
    bridge = queries.value_bridge(contributions)
    return {
        "bridge": bridge_rows(bridge),
        "causes": cause_rows(bridge),
        "contributions": contributions,
        "groups": contributions.by(breakdown),
        "listings": _by_size(contributions.listings),
        "attributed": queries.attributed(span),
        "exchanged": queries.exchanged(span),
    }


def _by_size(rows: Sequence[queries.ListingContribution]) -> list[queries.ListingContribution]:
    return sorted(rows, key=lambda row: (-row.profit, row.listing_key))


def bridge_rows(bridge: queries.ValueBridge) -> list[BridgeRow]:
    """From the opening to the closing value by what was booked."""
    return [
        BridgeRow("Opening value", "opening_value", bridge.opening_value, is_end=True),
        BridgeRow("Subscriptions and transfers in", "external_inflow", bridge.inflow),
        BridgeRow("Redemptions and transfers out", "external_outflow", -bridge.outflow),
        BridgeRow(
            "Realised",
            "average_realised",
            bridge.average_realised,
            "fifo_realised",
            bridge.fifo_realised,
        ),
        BridgeRow(
            "Unrealised, change",
            "average_unrealised_change",
            bridge.average_unrealised,
            "fifo_unrealised_change",
            bridge.fifo_unrealised,
        ),
        *_income_and_fees(bridge),
        BridgeRow(
            "Foreign cash and dealing",
            "average_rest",
            bridge.average_rest,
            "fifo_rest",
            bridge.fifo_rest,
        ),
        *_translation(bridge),
        BridgeRow("Closing value", "closing_value", bridge.closing_value, is_end=True),
    ]


def _translation(bridge: queries.ValueBridge) -> list[BridgeRow]:
    """What base currencies did, where any is not the one that the bridge is in."""
    if not bridge.translation:
        return []
    return [BridgeRow("Base currencies", "translation", bridge.translation)]


def cause_rows(bridge: queries.ValueBridge) -> list[BridgeRow]:
    """The profit by what made it."""
    return [
        BridgeRow("Prices", "price_effect", bridge.price_effect),
        BridgeRow("Exchange rates, securities", "currency_effect", bridge.currency_effect),
        BridgeRow("Exchange rates, cash", "cash_currency_effect", bridge.cash_currency_effect),
        *_income_and_fees(bridge),
        BridgeRow("Dealing away from fixings", "dealing_effect", bridge.dealing_effect),
        BridgeRow("Profit", "profit", bridge.profit, is_end=True),
    ]


def _income_and_fees(bridge: queries.ValueBridge) -> list[BridgeRow]:
    return [
        BridgeRow("Dividends after tax", "dividend_income", bridge.dividend_income),
        BridgeRow("Management fee", "management_fee", -bridge.management_fee),
        BridgeRow("Safekeeping fee", "safekeeping_fee", -bridge.safekeeping_fee),
    ]
