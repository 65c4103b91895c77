"""Stage one: the valuation days, from the first event to the last day with prices."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings

from portfolios import statements
from portfolios.models import ValuationDay
from portfolios.valuation.calendar import session_before, sessions


@dataclass(frozen=True)
class Horizon:
    """First and last valuation day, and the first that is new or gone; all None before any."""

    first_on: date | None
    last_on: date | None
    new_from: date | None


def extend() -> Horizon:
    """Bring valuation_day up to the facts."""
    span = statements.row("refresh/20_horizon")
    first_event, last_price = span["first_event_on"], span["last_price_on"]
    if first_event is None or last_price is None:
        return Horizon(span["first_valued_on"], span["last_valued_on"], None)
    exchange = settings.HELIO_REFERENCE_EXCHANGE
    days = sessions(exchange, first_event, last_price)
    known = set(ValuationDay.objects.values_list("valued_on", flat=True))
    if known == set(days):
        return Horizon(*_ends(days), None)
    before = [session_before(exchange, days[0]), *days[:-1]] if days else []
    gone = known - set(days)
    statements.run("refresh/21_valuation_day", days=days, previous=before, days_gone=bool(gone))
    return Horizon(*_ends(days), min(known ^ set(days)))


def _ends(days: list[date]) -> tuple[date | None, date | None]:
    return (days[0], days[-1]) if days else (None, None)
