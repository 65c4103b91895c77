"""The newest version, the valuation days, and what an as-of date means."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

from django.utils import timezone

from portfolios.figures import ground
from portfolios.figures.notebook import once
from portfolios.figures.then.cut import MOST_RECORDS, Cut, NotKnown
from portfolios.figures.then.known import Known
from portfolios.models import FxDaily, Version


class NoSuchDay(ValueError):
    """An as-of date that is no date, or before the first valuation day."""


def head() -> Version | None:
    """The newest version of all figures; None before the first refresh."""
    return once("head", Version.objects.order_by("-number").first)


def valuation_days(until: date | None = None, cut: Cut | None = None) -> list[date]:
    """Valuation days in order, up to and including ``until``; those known then with a cut."""
    if cut is not None:
        return [day for day in cut.days if until is None or day <= until]
    days, _ = _calendar()
    return days[: None if until is None else bisect_right(days, until)]


def version_cut(version: Version, most_records: int | None = MOST_RECORDS) -> Cut:
    """What a version of the figures was made of: nothing that was delivered after it.

    Raises NotKnown as ``knowledge_cut``.
    """
    known = Known.by(version)
    return knowledge_cut(known.at, known.without, most_records)


def knowledge_cut(
    known_at: datetime,
    without: tuple[int, ...] = (),
    most_records: int | None = MOST_RECORDS,
) -> Cut:
    """What was known at the moment, for the identity in force; for one request or export.

    The records of the batches ``without`` are left out; ``most_records`` is what one look takes.

    Raises NotKnown when the moment is still to come, or before anything had a value.
    """
    now = timezone.now()
    if known_at > now:
        raise NotKnown(
            f"{_moment(known_at)} is still to come (it is {_moment(now)}): nobody can say yet what "
            "will be known then."
        )
    cut = Cut(known_at, most_records, without)
    if not cut.days:
        first = cut.first_known_from
        since = f" The first close became known on {_moment(first)}." if first else ""
        raise NotKnown(f"At {_moment(known_at)} nothing was known yet.{since}")
    return cut


def resolve_as_of(text: str | None, cut: Cut | None = None) -> date:
    """The valuation day meant by ``text`` (ISO date): the last one on or before it.

    Without a text it is the newest, with a cut the newest known then. Raises NoSuchDay with a
    sentence, for a day too of which a cut knew nothing.
    """
    days = valuation_days(cut=cut)
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
    if cut is not None and day == days[-1] and _passed_since(day, wanted):
        raise NoSuchDay(
            f"At {cut} figures were known up to {day} only. Choose that day or one before it, or a "
            "later moment."
        )
    return day


def _passed_since(day: date, wanted: date) -> bool:
    """True when there was a valuation day after ``day``, up to ``wanted``."""
    return (last_until(valuation_days(), wanted) or day) > day


def _moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def currencies() -> list[str]:
    """Currencies that have a rate on the newest valuation day, in order."""
    newest = FxDaily.objects.order_by("-valued_on").values("valued_on")[:1]
    rates = FxDaily.objects.filter(valued_on=newest).order_by("currency")
    return list(rates.values_list("currency", flat=True))


def usd_per_unit(currency: str, day: date, cut: Cut | None = None) -> Decimal:
    """Pivot units for one unit of the currency on a valuation day.

    Raises NotKnown where a cut knew no rate.
    """
    if cut is None:
        for row in ground.rows("rate", None, currency=currency, day=day):
            rate: Decimal = row["usd_per_unit"]
            return rate
        raise FxDaily.DoesNotExist(f"There is no {currency} rate of {day}.")
    position = cut.position(day)
    worth = None if position is None else cut.market.usd_on(currency, position)
    if worth is None:
        raise NotKnown(f"No {currency} rate of {day} was known at {cut}.")
    return worth


def eve_of(day: date) -> date | None:
    """The session before the first valuation day from ``day`` on; None where there is none."""
    days, eve_of_all = _calendar()
    position = bisect_left(days, day)
    if position == len(days):
        return None
    return days[position - 1] if position else eve_of_all


def _calendar() -> tuple[list[date], date | None]:
    """All valuation days, and the session before the first."""
    (row,) = ground.rows("valuation_day", None)
    return row["days"], row["eve"]


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
