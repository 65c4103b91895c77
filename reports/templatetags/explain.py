"""Template tags of explanations: amounts, rows that lead on, and where a figure is explained."""

from collections.abc import Iterator
from typing import Any, Final

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from helio import numbers
from helio.numbers import Value
from helio.pages.parameters import CARRIED
from portfolios.explain.answer import OF_FIRM, OF_PORTFOLIO, OF_SELECTION
from portfolios.explain.parts import Amount, Facts, Head, Row, Table, Target
from portfolios.models import Portfolio
from reports.templatetags.links import of_selection, page

register = template.Library()

# Marks of a figure that is shown twice or thrice: as known then, as known now, and the difference.
_THEN_AND_NOW: Final = ("then", "now", "difference")
_TOLD: Final = OF_FIRM | OF_PORTFOLIO.keys() | OF_SELECTION.keys()
# In lists of portfolios these are in the reporting currency, returns in base currency.
_IN_REPORTING: Final = frozenset({"net_asset_value", "day_pnl", "cash_share"})
_BREAKDOWNS: Final = frozenset({"sector", "currency", "security_type", "domicile"})


@register.simple_tag
def amount(cell: Amount | str) -> str:
    """A number as it is written, or a text as it is."""
    if isinstance(cell, str):
        return cell
    return numbers.text_of(cell.value, cell.kind, cell.places, signed=cell.signed)


@register.filter
def machine(value: Value) -> str:
    """Full precision for checks, as in a figure's ``data-value``."""
    return numbers.machine(value)


@register.filter
def cells(row: Row, table: Table) -> Iterator[tuple[Amount | str, Head]]:
    """The cells of a row, each with its column's head."""
    return zip(row.cells, table.heads[1:], strict=False)


@register.simple_tag(takes_context=True)
def row_label(context: template.Context, row: Row) -> SafeString:
    """A row's label as a link to what it is about, where it is about something."""
    note = format_html(' <span class="quiet">{}</span>', row.note) if row.note else ""
    address, beside = _lead(context, row.to) if row.to else ("", False)
    if not address:
        return format_html("{}{}", row.label, note)
    panel = format_html(' data-panel="{}"', address) if beside else ""
    return format_html('<a href="{}"{}>{}</a>{}', address, panel, row.label, note)


@register.simple_tag(takes_context=True)
def fact_link(context: template.Context, facts: Facts) -> SafeString:
    """The note of facts as a link to what they rest on."""
    return row_label(context, Row(facts.note, (), facts.to))


def _lead(context: template.Context, to: Target) -> tuple[str, bool]:
    """Where a target is, and whether it opens in the panel."""
    place = context["place"]
    match to.kind:
        case "transaction":
            return page(context, "transaction", to.portfolio, to.key), False
        case "portfolio":
            return _of_portfolio(context, to.portfolio, to), True
        case "line" if context.get("sees_lines"):
            return f"/operations/files/{to.key}", False
        case "figure":
            return _same_place(context, place, to), True
    return "", False


def _same_place(context: template.Context, place: Any, to: Target) -> str:
    """Another figure of the same portfolio or selection."""
    if place.kind == "portfolio":
        return _of_portfolio(context, place.portfolio, to)
    return of_selection(context, page(context, "explain", to.figure, **_keyed(to)))


def _of_portfolio(context: template.Context, code: str, to: Target) -> str:
    return page(context, "explain-portfolio", code, to.figure, **_keyed(to))


def _keyed(to: Target) -> dict[str, str]:
    return {"key": to.key} if to.key else {}


def explain_address(
    context: template.Context, name: str, portfolio: str, key: object, scope: str
) -> str:
    """Where the figure is explained; empty where the glossary is all there is."""
    # Most figures of a page have none: the context, a stack, is searched for the others alone.
    if name not in _TOLD or scope == "transaction" or "request" not in context:
        return ""
    more = {"key": str(key)} if key else {}
    if scope in _BREAKDOWNS:
        more["breakdown"] = scope
    if scope in _THEN_AND_NOW:
        return _then_or_now(context, name, portfolio, scope)
    whole = context.get("portfolio")
    if not portfolio and isinstance(whole, Portfolio):
        portfolio = whole.code
    if "firm" in context:
        return page(context, "explain-firm", name, **more) if name in OF_FIRM else ""
    if scope == "list" and name in _IN_REPORTING and portfolio:
        return page(context, "explain", name, portfolio=portfolio)
    if portfolio:
        told = name in OF_PORTFOLIO and (key != "total" or name not in _UNTOLD_SUMS)
        return page(context, "explain-portfolio", portfolio, name, **more) if told else ""
    told = name in OF_SELECTION
    return of_selection(context, page(context, "explain", name, **more)) if told else ""


# Sums of a column whose parts each have an explanation of their own.
_UNTOLD_SUMS: Final = frozenset({"average_cost_base", "average_unrealised"})


def _then_or_now(context: template.Context, name: str, portfolio: str, scope: str) -> str:
    """Then and the difference with the moment's knowledge, now without it."""
    address = page(context, "explain-portfolio", portfolio, name)
    if scope != "now":
        return address
    path = reverse("explain-portfolio", args=[portfolio, name])
    day = context["request"].GET.get(CARRIED[0])
    return f"{path}?{CARRIED[0]}={day}" if day else path
