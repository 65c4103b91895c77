"""Refresh: nothing twice, incremental as full, one at a time, all or nothing."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction

from helio.testing import databases
from portfolios.models import (
    Affected,
    FxFixing,
    Instrument,
    Listing,
    PortfolioGap,
    RefreshRun,
    Version,
)
from portfolios.refresh import books, mark_affected, refresh
from portfolios.refresh.requests import NotInTransaction
from portfolios.refresh.run import LOCK, RefreshInTransaction
from portfolios.signals import figures_refreshed
from portfolios.tasks import sweep
from portfolios.tests.support import facts, fingerprint

pytestmark = pytest.mark.usefixtures("figures", "as_worker")

Connect = Callable[..., psycopg.Connection]
CUT = date(2025, 12, 10)


def _mark(**what: Any) -> None:
    with transaction.atomic():
        mark_affected(**{"from_on": facts.FIRST, "batch_id": 7, "cause": "test", **what})


@pytest.fixture
def owner(connect_as: Connect) -> psycopg.Connection:
    """A superuser's connection, autocommitting, for what no role of ours may do."""
    return connect_as("superuser", autocommit=True)


def test_a_second_refresh_finds_nothing_and_says_so() -> None:
    before = Version.objects.count()
    assert refresh(cause="again").outcome == "unchanged"
    assert Version.objects.count() == before
    newest = RefreshRun.objects.order_by("-id").first()
    assert newest is not None
    assert newest.outcome == RefreshRun.Outcome.UNCHANGED


def test_what_is_served_is_what_is_multiplied(owner: psycopg.Connection) -> None:
    found = fingerprint.rows(owner)
    assert found["rollup.position_served"] == found["rollup.position_daily"]
    kept = owner.execute("SELECT array_agg(DISTINCT valued_on) FROM rollup.position_open")
    assert kept.fetchone() == ([date(2025, 12, 30), date(2025, 12, 31)],)


def test_valuing_everything_again_writes_no_row(owner: psycopg.Connection) -> None:
    before = fingerprint.writes(owner)
    _mark()
    assert refresh(cause="everything again").outcome == "refreshed"
    assert fingerprint.writes(owner) == before


def test_a_version_carries_its_batches_ages_and_steps() -> None:
    _mark()
    report = refresh(cause="a batch")
    version = Version.objects.get(number=report.version)
    assert version.as_of == date(2025, 12, 31)
    assert version.batch_ids == [7]
    assert version.source_ages["market"]["business_date"] == "2025-12-31"
    assert version.steps == report.steps
    assert {"books", "base_prices", "portfolio_day", "composite_day_open"} <= set(version.steps)


def test_incremental_refreshes_end_where_a_full_one_does(owner: psycopg.Connection) -> None:
    whole = fingerprint.rows(owner)
    listings = dict(Listing.objects.values_list("key", "id"))
    _set_aside(owner)
    _mark()
    refresh(cause="what was known earlier")
    assert fingerprint.rows(owner) != whole
    _bring_back(owner, "price", "priced_on <= '2025-12-19'")
    _mark(listing_ids=listings.values(), from_on=date(2025, 6, 1))
    refresh(cause="prices, fixings missing")
    _bring_back(owner, "fx_fixing", "true")
    _mark(currencies=["EUR", "GBP", "JPY", "SEK", "ZAR"], from_on=CUT)
    refresh(cause="fixings")
    _bring_back(owner, "index_level", "true")
    _mark(index_levels=True, from_on=CUT)
    refresh(cause="index")
    _bring_back(owner, "price", "priced_on > '2025-12-19'")
    _mark(listing_ids=listings.values(), from_on=date(2025, 12, 20))
    refresh(cause="the last days")
    portfolios = _bring_back(owner, "transaction", "true")
    for portfolio_id, first_on in portfolios.items():
        _mark(portfolio_ids=[portfolio_id], from_on=first_on)
    refresh(cause="late trades")
    assert fingerprint.rows(owner) == whole


def _set_aside(owner: psycopg.Connection) -> None:
    """Take the last weeks of facts away, and every twentieth older event with its record."""
    later = {
        "price": f"priced_on >= '{CUT}' OR (priced_on > '2025-06-01' AND id % 50 = 0)",
        "fx_fixing": f"fixed_on >= '{CUT}'",
        "index_level": f"level_on >= '{CUT}'",
        "transaction": f"effective_on >= '{CUT}' OR (kind = 'MGMT_FEE' AND id % 5 = 0)",
    }
    for table, condition in later.items():
        owner.execute(f"CREATE TEMP TABLE aside_{table} (LIKE {table})")
        owner.execute(
            f"WITH gone AS (DELETE FROM {table} WHERE {condition} RETURNING *)"
            f" INSERT INTO aside_{table} SELECT * FROM gone"
        )


def _bring_back(owner: psycopg.Connection, table: str, condition: str) -> dict[int, date]:
    """Put facts back; for transactions, the first day of each portfolio they belong to."""
    touched = {}
    if table == "transaction":
        query = "SELECT portfolio_id, min(effective_on) FROM aside_transaction GROUP BY 1"
        touched = dict(owner.execute(query).fetchall())
    owner.execute(
        f"WITH back AS (DELETE FROM aside_{table} WHERE {condition} RETURNING *)"
        f" INSERT INTO {table} SELECT * FROM back"
    )
    return touched


def test_readers_in_one_transaction_see_one_version(
    connect_as: Connect, owner: psycopg.Connection
) -> None:
    seen = "SELECT max(number), (SELECT sum(net_asset_value) FROM rollup.portfolio_day)"
    reader = connect_as("superuser")
    reader.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    before = reader.execute(f"{seen} FROM version").fetchone()
    owner.execute("UPDATE price SET price = price * 2 WHERE priced_on = '2025-12-31'")
    _mark(listing_ids=Listing.objects.values_list("id", flat=True), from_on=date(2025, 12, 31))
    report = refresh(cause="doubled")
    assert reader.execute(f"{seen} FROM version").fetchone() == before
    reader.rollback()
    number, value = reader.execute(f"{seen} FROM version").fetchone() or (0, 0)
    assert number == report.version
    assert before is not None
    assert value > before[1]
    owner.execute("UPDATE price SET price = price / 2 WHERE priced_on = '2025-12-31'")
    _mark(listing_ids=Listing.objects.values_list("id", flat=True), from_on=date(2025, 12, 31))
    refresh(cause="halved again")


@pytest.fixture
def francs(owner: psycopg.Connection) -> Iterator[None]:
    """A subscription in a currency that has a cash listing but no fixing yet."""
    cash = Instrument.objects.create(name="CHF cash", security_type="Cash")
    Listing.objects.create(key="CASH:CHF", instrument=cash, quote_unit="CHF", price_currency="CHF")
    owner.execute(
        """
        INSERT INTO transaction (portfolio_id, kind, effective_on, currency, cash_effect,
               price_unit, second_currency, remark, source, source_reference, source_version,
               known_from, batch_id, file_id, line_no)
        SELECT id, 'SUBSCRIPTION', '2025-12-30', 'CHF', 100, '', '', '', 'blotter', 'FRANCS', 1,
               now(), 1, 1, 1 FROM portfolio WHERE code = 'HA-02'
        """
    )
    yield
    owner.execute("DELETE FROM transaction WHERE source_reference = 'FRANCS'")
    _mark()
    refresh(cause="francs gone")


def test_a_failure_keeps_the_last_good_version_and_its_work(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    good = Version.objects.order_by("-number").first()
    _mark(from_on=date(2025, 12, 30))

    def broken(*_: Any, **__: Any) -> None:
        raise ArithmeticError("cannot be replayed")

    with monkeypatch.context() as patched:
        patched.setattr(books, "replay", broken)
        with pytest.raises(ArithmeticError, match="cannot be replayed"):
            refresh(cause="cannot work")
    assert Version.objects.order_by("-number").first() == good
    assert Affected.objects.exists()
    failed = RefreshRun.objects.order_by("-id").first()
    assert failed is not None
    assert failed.outcome == RefreshRun.Outcome.FAILED
    assert failed.sentence == "ArithmeticError: cannot be replayed"
    refresh(cause="it works again")
    assert not Affected.objects.exists()


def test_a_missing_rate_concerns_its_portfolio_only(francs: None) -> None:
    _mark(from_on=date(2025, 12, 30))
    assert refresh(cause="francs").outcome == "refreshed"
    gap = PortfolioGap.objects.get()
    assert (gap.portfolio.code, gap.from_on) == ("HA-02", date(2025, 12, 30))
    assert gap.reason == "There is no CHF fixing on or before 2025-12-30."
    FxFixing.objects.create(
        fixed_on=date(2025, 12, 29),
        base_currency="USD",
        quote_currency="CHF",
        rate="0.8",
        known_from=facts.KNOWN,
        **facts.LINEAGE,
    )
    _mark(currencies=["CHF"], from_on=date(2025, 12, 29))
    assert refresh(cause="the fixing came").outcome == "refreshed"
    assert not PortfolioGap.objects.exists()


def test_a_request_meanwhile_coalesces(connect_as: Connect) -> None:
    running = connect_as("worker")
    running.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    _mark()
    assert refresh(cause="second").outcome == "coalesced"
    assert Affected.objects.exists()
    running.rollback()
    assert refresh(cause="the runner, once more").outcome == "refreshed"


def test_it_announces_each_version_once_and_after_the_commit() -> None:
    heard: list[tuple[int, bool]] = []

    def listen(sender: Any, version: int, **_: Any) -> None:
        heard.append((version, connection.in_atomic_block))

    figures_refreshed.connect(listen)
    try:
        _mark()
        report = refresh(cause="announced")
        refresh(cause="nothing new")
    finally:
        figures_refreshed.disconnect(listen)
    assert heard == [(report.version, False)]


def test_the_sweep_picks_up_what_a_lost_request_left() -> None:
    assert sweep() == "nothing noted"
    _mark()
    assert sweep() == "refreshed"


def test_it_refuses_to_run_inside_a_transaction() -> None:
    with transaction.atomic(), pytest.raises(RefreshInTransaction):
        refresh(cause="inside")


def test_work_is_noted_inside_the_transaction_that_loads_it() -> None:
    with pytest.raises(NotInTransaction):
        mark_affected(from_on=facts.FIRST, batch_id=None, cause="outside")


def test_the_schedule_is_data(owner: psycopg.Connection) -> None:
    query = "SELECT task, every FROM django_celery_beat_periodictask t JOIN"
    query += " django_celery_beat_intervalschedule i ON i.id = t.interval_id"
    schedule = dict(owner.execute(query).fetchall())
    assert schedule["portfolios.refresh_figures"] == 4
    assert schedule["portfolios.sweep"] == 1


def test_the_web_role_cannot_refresh() -> None:
    with databases.django_connected_to(role="web"), pytest.raises(Exception, match="permission"):
        _mark()
