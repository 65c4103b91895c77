"""Template tags that mark figures, so that people, pushes and checks read the same thing."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from html import escape
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

from helio import numbers
from helio.numbers import NotApplicable, Value
from reports.dashboards.sparklines import Sparkline
from reports.templatetags.explain import explain_address

register = template.Library()

_NOT_IN_IDS = re.compile(r"[^A-Za-z0-9_]+")


def figure_id(*parts: object) -> str:
    """A stable element id of the given parts; empty parts fall out."""
    return "-".join(_NOT_IN_IDS.sub("-", str(part)).strip("-") for part in parts if part)


@register.simple_tag(takes_context=True)
def figure(
    context: template.Context,
    name: str,
    value: Value,
    kind: str = "money",
    *,
    portfolio: str = "",
    key: object = "",
    scope: str = "",
    places: int | None = None,
    signed: bool = False,
    arrow: bool = False,
    coloured: bool = True,
) -> SafeString:
    """A marked figure: id, name, full-precision value, owner, and the text that people read.

    Where it can be explained it is a link to its explanation; in a table its row's head is the
    stop for the keyboard, and the page of the row has the same figures as stops of their own.

    Signed figures are coloured by the sign in ``data-value``: gain and loss. A quantity bought or
    cash paid is neither, and is signed without colour.
    """
    # A page has hundreds: plain strings, with all that is not our own escaped, take a fifth of what
    # format_html takes for the same.
    marks = (("data-portfolio", portfolio), ("data-key", key))
    owner = "".join(f' {mark}="{escape(str(text))}"' for mark, text in marks if text)
    reason = f' title="{escape(value.reason)}"' if isinstance(value, NotApplicable) else ""
    text = numbers.text_of(value, kind, places, signed=signed, arrow=arrow)
    marks_up = (
        f'id="{figure_id(scope, name, portfolio, key)}"'
        f' class="{_css(text) if signed and coloured else "figure"}"'
        f' data-figure="{escape(name)}" data-value="{numbers.machine(value)}"{owner}{reason}'
    )
    address = explain_address(context, name, portfolio, key, scope)
    if not address:
        return mark_safe(f"<span {marks_up}>{escape(text)}</span>")  # noqa: S308
    stop = ' tabindex="-1"' if key and portfolio else ""
    return mark_safe(  # noqa: S308
        f'<a {marks_up} href="{escape(address)}"{stop}>{escape(text)}</a>'
    )


def _css(text: str) -> str:
    """Classes of a signed figure; what reads as zero is neither gain nor loss."""
    return "figure signed" if any(digit in text for digit in "123456789") else "figure signed flat"


@register.filter
def money(value: Value, places: int = 2) -> str:
    """An unmarked amount, for source rows that are no figures."""
    return numbers.text_of(value, "money", places)


@register.filter
def plain(value: Value, places: int = 2) -> str:
    """An unmarked number."""
    return numbers.text_of(value, "plain", places)


@register.filter
def percent(value: Value, places: int = 2) -> str:
    """An unmarked percentage of a fraction."""
    return numbers.text_of(value, "percent", places)


@register.filter
def exactly(value: Value) -> str:
    """An unmarked number with all its digits, grouped."""
    if value is None or isinstance(value, NotApplicable):
        return numbers.DASH
    return numbers.grouped(value, numbers.places_needed([value], most=12))


@register.filter
def day(value: date | None) -> str:
    """A business date as ``Fri 31 Oct 2025``."""
    return numbers.day(value) if value else numbers.DASH


@register.filter
def otherwise(value: Value, reason: str) -> Value:
    """The value; where there is none, the reason why it does not apply."""
    return NotApplicable(reason) if value is None else value


@register.filter
def lookup(mapping: Mapping[str, Any], key: str) -> Any:
    """The mapping's value for a key that is known only in the page."""
    return mapping[key]


@register.filter
def slug(first: object, second: object) -> str:
    """A key out of two parts: ``London-year``."""
    return figure_id(first, second)


@register.filter
def bar(share: Value) -> str:
    """Width of a bar, 0 to 100, for a share of the whole; what is owed draws none."""
    if share is None or isinstance(share, NotApplicable):
        return "0"
    return f"{min(max(float(share), 0.0), 1.0) * 100:.1f}"


@register.inclusion_tag("components/sparkline.html")
def sparkline(values: Sequence[Any], label: str, *, key: str) -> dict[str, object]:
    """A word-sized line that a push replaces alone; the label says what it shows."""
    return {"spark": Sparkline.of(values), "label": label, "id": figure_id("spark", key)}
