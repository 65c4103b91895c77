"""The newest version, the valuation days, and what an as-of date means."""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date

from portfolios.models import FxDaily, ValuationDay, Version


class NoSuchDay(ValueError):
    """An as-of date that is no date, or before the first valuation day."""


def head() -> Version | None:
    """The newest version of all figures; None before the first refresh."""
    return Version.objects.order_by("-number").first()


def valuation_days(until: date | None = None) -> list[date]:
    """Valuation days in order, up to and including ``until``."""
    days = ValuationDay.objects.order_by("valued_on").values_list("valued_on", flat=True)
    return list(days if until is None else days.filter(valued_on__lte=until))


def resolve_as_of(text: str | None) -> date:
    """The valuation day meant by ``text`` (ISO date): the last one on or before it.

    Without a text it is the newest. Raises NoSuchDay with a sentence.
    """
    days = valuation_days()
    if not days:
        raise NoSuchDay("There are no figures yet.")
    if not text:
        return days[-1]
    try:
        wanted = date.fromisoformat(text)
    except ValueError:
        raise NoSuchDay(f"“{text[:40]}” is no date; write it like {days[-1]}.") from None
    day = last_until(days, wanted)
    if day is None:
        raise NoSuchDay(f"There are no figures before {days[0]}.")
    return day


def currencies() -> list[str]:
    """Currencies that have a rate on the newest valuation day, in order."""
    newest = FxDaily.objects.order_by("-valued_on").values("valued_on")[:1]
    rates = FxDaily.objects.filter(valued_on=newest).order_by("currency")
    return list(rates.values_list("currency", flat=True))


def eve_of(day: date) -> date | None:
    """The session before the first valuation day from ``day`` on; None where there is none."""
    following = ValuationDay.objects.filter(valued_on__gte=day).order_by("valued_on")
    return following.values_list("previous_on", flat=True).first()


def last_until(days: Sequence[date], on: date) -> date | None:
    """The last of the days on or before ``on``."""
    position = bisect_right(days, on)
    return days[position - 1] if position else None


def thinned(days: Sequence[date], points: int) -> list[date]:
    """At most ``points`` of the days, evenly spread, the last one always among them."""
    if len(days) <= points:
        return list(days)
    step = (len(days) - 1) / (points - 1)
    return [days[round(number * step)] for number in range(points)]
