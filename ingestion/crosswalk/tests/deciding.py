"""Mappings proposed and approved in tests, as rows, and what figures then say."""

from datetime import timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from ingestion.crosswalk.apply import Applied, apply
from ingestion.models import MappingProposal
from portfolios.models import Listing
from portfolios.refresh import refresh

COLUMNS = (
    "order_no,version_no,record_status,record_kind,book_code,buy_sell,symbol,market_code,cusip_no,"
    "units,unit_price,price_unit,consideration,charges,tax_withheld,settlement_amount,"
    "settlement_currency,counter_amount,counter_currency,ratio,dealt_local,captured_local,"
    "zone_name,effective_on,settles_on,remark\n"
)


def trade(number: str, version: int = 1, status: str = "NEW", **changes: str) -> str:
    """A blotter line of a purchase in New York."""
    said = {
        "book": "NYC/GLB/01", "symbol": "ZORB", "market": "XNYS", "units": "10", "cusip": "",
        "day": "2025-12-22",
    } | changes  # fmt: skip
    return (
        f"{number},{version},{status},EQT,{said['book']},B,{said['symbol']},{said['market']},"
        f"{said['cusip']},{said['units']},10.00,USD,100.00,1.00,,101.00,USD,,,,"
        f"{said['day']} 10:00:00,{said['day']} 10:0{version}:00,America/New_York,,2026-01-02,\n"
    )


def approved(**values: Any) -> MappingProposal:
    """A mapping that one person proposed and another approved just now."""
    now = timezone.now()
    return MappingProposal.objects.create(
        **{"action": "map", "reason": "Test", **values},
        proposed_by_id=1,
        proposed_by="otto",
        decided_by_id=2,
        decided_by="olga",
        decision_reason="Right",
        decided_at=now,
        proposed_at=now - timedelta(minutes=1),
        state="approved",
    )


def mapped(**values: Any) -> tuple[MappingProposal, Applied]:
    """The same, applied."""
    proposal = approved(**values)
    done = apply(proposal.pk)
    proposal.refresh_from_db()
    assert done is not None, proposal.problem
    return proposal, done


def undone(proposal: MappingProposal) -> MappingProposal:
    """An applied mapping, undone the same way."""
    undo, _ = mapped(
        action="undo",
        kind=proposal.kind,
        scheme=proposal.scheme,
        value=proposal.value,
        scope=proposal.scope,
        undoes=proposal,
    )
    return undo


def symbol(value: str, listing: str, **values: Any) -> dict[str, Any]:
    """A mapping of a New York symbol."""
    return {
        "kind": "identifier", "scheme": "SYMBOL", "value": value, "scope": "XNYS",
        "listing": Listing.objects.get(key=listing), **values,
    }  # fmt: skip


POSITIONS = """
    SELECT p.code, d.valued_on, l.key, d.units, d.base_value, d.average_cost, d.fifo_cost
      FROM rollup.position_daily d
      JOIN portfolio p ON p.id = d.portfolio_id JOIN listing l ON l.id = d.listing_id
     ORDER BY 1, 2, 3
"""
BELIEVED = """
    SELECT source_reference, source_version, p.code, l.key, units, cash_effect
      FROM transaction t JOIN portfolio p ON p.id = t.portfolio_id
      LEFT JOIN listing l ON l.id = t.listing_id
     WHERE t.known_from <= %s AND (t.known_to IS NULL OR t.known_to > %s)
     ORDER BY 1, 2, 3
"""


def figures() -> list[tuple[Any, ...]]:
    """Every position of every day, to the last digit, after a refresh."""
    refresh(cause="test")
    with connection.cursor() as cursor:
        cursor.execute(POSITIONS)
        return list(cursor.fetchall())


def believed(at: Any = None) -> list[tuple[Any, ...]]:
    """The ledger as known then (now)."""
    at = at or timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(BELIEVED, [at, at])
        return list(cursor.fetchall())
