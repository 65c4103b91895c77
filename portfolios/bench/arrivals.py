"""What arrives at a made firm: facts as an ingest would enter them, noted for the refresh."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from django.db import connection, transaction

from helio.bench.place import Place
from helio.testing import databases
from portfolios.bench.firm import Firm, firm_in, make
from portfolios.refresh import mark_affected, refresh

FOLDER: Final = Path(__file__).resolve().parent
BACKDATED: Final = timedelta(days=60)
RESTATED: Final = timedelta(days=730)


def firm_there(place: Place) -> Firm:
    """The firm of this place; made and valued first where no part of the run has done so."""
    with place.connect("superuser") as owner:
        if owner.execute("SELECT EXISTS (SELECT FROM portfolio)").fetchone() == (True,):
            return firm_in(owner)
        firm = make(owner, place.position_days)
    with databases.django_connected_to(role="worker"):
        refresh(cause="bench: the firm")
    return firm


def tick(firm: Firm) -> None:
    """Every listing's last price comes again, a thousandth higher."""
    with transaction.atomic():
        _execute("tick.sql", {})
        _note("tick", firm.days[-1], listing_ids=firm.listing_ids)


def backdated_trade(firm: Firm) -> None:
    """One portfolio's purchase of sixty days ago turns up now."""
    on = _session(firm, firm.days[-1] - BACKDATED)
    portfolio = firm.portfolio_ids[0]
    with transaction.atomic():
        _execute("backdated_trade.sql", {"portfolio_id": portfolio, "on": on})
        _note("back-dated trade", on, portfolio_ids=[portfolio])


def restated_price(firm: Firm) -> None:
    """One listing's price of two years ago (of the first days, if there are fewer) is another."""
    on = _session(firm, max(firm.days[-1] - RESTATED, firm.days[5]))
    with transaction.atomic():
        ((listing,),) = _execute("restated_price.sql", {"on": on})
        _note("restated price", on, listing_ids=[listing])


def _session(firm: Firm, day: date) -> date:
    return max(one for one in firm.days if one <= day)


def _note(cause: str, on: date, **whose: Any) -> None:
    mark_affected(from_on=on, batch_id=2, cause=f"bench: {cause}", **whose)


def _execute(name: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute((FOLDER / name).read_text(encoding="utf-8"), parameters)
        return cursor.fetchall() if cursor.description else []
