"""Closing months: what it keeps, what comes after shows, who may, and what the database refuses."""

from datetime import date

import psycopg
import pytest
from django.contrib.auth import get_user_model
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from helio.audit.models import Event
from helio.rls.identity import acting_as
from helio.testing import databases
from ingestion.models import Finding
from ingestion.quality.run import run_checks
from ingestion.tests.facts import define_sources, take, write
from ingestion.tests.test_replay import COLUMNS, trade
from portfolios.models import ClosedFigure, ClosedRestatement, PeriodClose, Portfolio
from portfolios.periods.freeze import freeze_asked
from portfolios.refresh import refresh

pytestmark = pytest.mark.usefixtures("alpha")

DENIED = (psycopg.errors.InsufficientPrivilege, DatabaseError)
NOVEMBER = date(2025, 11, 1)


def person(name):
    return get_user_model().objects.get(username=name)


def client(name):
    signed_in = Client()
    signed_in.force_login(person(name), "helio.signin.backend.PasswordBackend")
    return signed_in


def post(name, view, *args, **data):
    answer = client(name).post(reverse(f"operations:{view}", args=args), data, follow=True)
    return answer.status_code, answer.content.decode()


def attempt(name, statement, *parameters):
    """Rows that a statement touches or finds as helio_web under that person's identity."""
    with transaction.atomic(), acting_as(person(name)), connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.rowcount


@pytest.fixture
def worker():
    """Does the worker's part: freezes what was asked for, refreshes, checks."""

    def work(*, checks=False):
        with databases.django_connected_to(role="worker"):
            done = freeze_asked()
            if checks:
                refresh(cause="a late trade")
                run_checks(cause="test")
        return done

    return work


@pytest.fixture
def known(connect_as):
    def ask(statement, *parameters):
        return connect_as("worker", autocommit=True).execute(statement, parameters).fetchall()

    return ask


@pytest.fixture
def november(worker):
    """November 2025, closed."""
    with databases.django_connected_to(role="worker"):
        open_one = PeriodClose.objects.filter(month=NOVEMBER, state="closed").first()
    if open_one is None:
        post("operations1", "close-period", month="2025-11")
        assert worker() == 1
    with databases.django_connected_to(role="worker"):
        return PeriodClose.objects.get(month=NOVEMBER, state="closed")


@pytest.fixture
def late_trade(tmp_path):
    """Delivers a purchase of November, weeks after the month was closed."""

    def deliver(number):
        with databases.django_connected_to(role="worker"):
            source = define_sources()["blotter"]
            line = trade(number, book="NYC/GLB/01").replace("2025-12-30", "2025-11-20")
            return take(source, write(tmp_path, f"blotter_{number}.csv", COLUMNS + line))

    return deliver


def test_closing_keeps_the_figures_of_every_portfolio(november, known):
    assert november.valued_on == date(2025, 11, 28)
    assert november.asked_by_id == person("operations1").pk
    kept = known(
        "SELECT portfolio_id, net_asset_value, return_net FROM closed_figure WHERE close_id = %s"
        " ORDER BY portfolio_id",
        november.pk,
    )
    assert len(kept) == november.portfolio_count > 10
    with (
        databases.django_connected_to(role="web"),
        transaction.atomic(),
        acting_as(person("auditor1")),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "SELECT d.portfolio_id, d.net_asset_value, d.wealth_net / b.wealth_net - 1"
            "  FROM figures.portfolio_day d JOIN figures.portfolio_day b USING (portfolio_id)"
            " WHERE d.valued_on = '2025-11-28' AND b.valued_on = '2025-10-31' ORDER BY 1"
        )
        now = cursor.fetchall()
    assert [row[:2] for row in kept] == [row[:2] for row in now]
    for (_, _, told), (_, _, computed) in zip(kept, now, strict=True):
        assert told == pytest.approx(computed, abs=1e-12)


def test_what_comes_after_is_shown_beside_what_was_closed(november, late_trade, worker):
    batch = late_trade("LATE-1")
    worker(checks=True)
    with databases.django_connected_to(role="worker"):
        [row] = ClosedRestatement.objects.filter(close=november)
        closed = ClosedFigure.objects.get(close=november, portfolio__code="HA-01")
        assert (row.code, row.net_asset_value_closed) == ("HA-01", closed.net_asset_value)
        assert row.net_asset_value_now != row.net_asset_value_closed
        assert (row.cause, row.batch_ids) == ("a late trade", [batch.pk])
        finding = Finding.objects.get(code="PERIOD_RESTATED", still_true=True)
        assert (finding.subject, finding.finding_day) == ("HA-01", NOVEMBER)

    operations = client("operations1").get(reverse("operations:periods")).content.decode()
    assert "November 2025: restated after its close" in operations
    assert "closed, restated after" in operations
    page = client("auditor1").get("/portfolios/HA-01/?as_of=2025-11-28").content.decode()
    assert "November 2025 is closed, restated after." in page
    assert f'data-value="{closed.net_asset_value.normalize():f}"' in page
    other = client("auditor1").get("/portfolios/HA-02/?as_of=2025-11-28").content.decode()
    assert "November 2025 is closed." in other
    december = client("auditor1").get("/portfolios/HA-01/?as_of=2025-12-31").content.decode()
    assert 'id="period-state"' not in december
    before = client("auditor1").get(
        "/portfolios/HA-01/?as_of=2025-11-28&known_at=2025-12-30T12:00Z"
    )
    assert 'id="period-state"' not in before.content.decode()


def test_an_export_says_what_was_closed_and_restated(november, connect_as):
    data = {"report": "positions", "as_of": "2025-11-28", "from": "2025-11-01", "format": "csv"}
    assert client("auditor1").post(reverse("reports:export"), data).status_code == 200

    register = connect_as("audit", autocommit=True)
    newest = "SELECT remarks FROM export_record ORDER BY number DESC LIMIT 1"
    [(remarks,)] = register.execute(newest).fetchall()
    assert remarks[0].startswith("November 2025 was closed at ")
    assert [one for one in remarks if one.startswith("November 2025 was restated after its close")]


def test_reopening_asks_for_a_reason_and_closing_again_keeps_the_new_figures(
    november, worker, known
):
    _, page = post("operations2", "reopen-period", november.pk, reason="  ")
    assert "Say why it is reopened" in page
    _, page = post("operations2", "reopen-period", november.pk, reason="A trade was late")
    assert "November 2025 is open again." in page
    assert "A trade was late" in page
    shown = client("auditor1").get("/portfolios/HA-01/?as_of=2025-11-28").content.decode()
    assert "November 2025 was reopened" in shown
    _, page = post("operations2", "reopen-period", november.pk, reason="Once more")
    assert "November 2025 is not closed, so nothing was changed." in page

    post("operations2", "close-period", month="2025-11")
    assert worker(checks=True) == 1
    states = known("SELECT state FROM period_close WHERE month = %s ORDER BY id", NOVEMBER)
    assert states[-2:] == [("reopened",), ("closed",)]
    with databases.django_connected_to(role="worker"):
        again = PeriodClose.objects.get(month=NOVEMBER, state="closed")
        assert not ClosedRestatement.objects.filter(close=again).exists()
        assert not Finding.objects.filter(code="PERIOD_RESTATED", still_true=True).exists()
        # what was closed the first time stays on record
        assert ClosedFigure.objects.filter(close=november).count() == november.portfolio_count
    with transaction.atomic(), acting_as(person("auditor1")):
        events = list(Event.objects.filter(object="November 2025").order_by("pk"))
    assert [event.action for event in events][-4:] == [
        "period closed",
        "period reopened",
        "period close asked for",
        "period closed",
    ]
    assert events[-3].detail["reason"] == "A trade was late"
    assert events[-3].actor == "operations2"


def test_a_month_is_closed_once_and_only_when_it_is_over(november):
    _, page = post("operations1", "close-period", month="2025-11")
    assert "November 2025 is closed already, or is being closed." in page
    _, page = post("operations1", "close-period", month="2025-12")
    assert "December 2025 is not over" in page
    status, page = post("operations1", "close-period", month="soon")
    assert (status, "Say which month, like 2025-12." in page) == (400, True)


@pytest.mark.parametrize("name", ["analyst1", "manager1", "executive1", "auditor1", "admin"])
def test_only_operations_closes_and_reopens(november, name):
    assert post(name, "close-period", month="2025-10")[0] == 403
    assert post(name, "reopen-period", november.pk, reason="Please")[0] == 403
    with pytest.raises(DENIED):
        attempt(
            name,
            "INSERT INTO period_close (month, asked_by_id) VALUES ('2025-10-01', security.uid())",
        )
    assert (
        attempt(
            name,
            "UPDATE period_close SET state = 'reopened', reopened_at = now(),"
            " reopened_by_id = security.uid(), reopen_reason = 'x'",
        )
        == 0
    )


@pytest.mark.parametrize(
    "statement",
    [
        (
            "INSERT INTO period_close (month, asked_by_id, state) VALUES"
            " ('2025-10-01', security.uid(), 'closed')"
        ),
        "INSERT INTO period_close (month, asked_by_id) VALUES ('2025-10-01', security.uid() + 1)",
        (
            "INSERT INTO period_close (month, asked_by_id, version_number) VALUES"
            " ('2025-10-01', security.uid(), 1)"
        ),
        (
            "UPDATE period_close SET state = 'reopened', reopened_at = now(),"
            " reopened_by_id = security.uid()"
        ),
        (
            "UPDATE period_close SET state = 'reopened', reopened_at = now(),"
            " reopened_by_id = security.uid() + 1, reopen_reason = 'x'"
        ),
        "UPDATE period_close SET state = 'asked'",
        "UPDATE period_close SET version_number = 1",
        "DELETE FROM period_close",
        "UPDATE closed_figure SET net_asset_value = 0",
        "DELETE FROM closed_figure",
        "DELETE FROM closed_restatement",
        "INSERT INTO closed_figure SELECT * FROM closed_figure",
    ],
)
def test_even_operations_cannot_write_otherwise(november, statement):
    with pytest.raises(DENIED):
        attempt("operations1", statement)


def test_figures_as_closed_are_for_the_perimeter_only(november):
    counted = "SELECT DISTINCT portfolio_id FROM closed_figure"
    assert attempt("operations1", counted) == 0
    assert attempt("executive1", counted) == 0
    assert attempt("auditor1", counted) == november.portfolio_count
    with transaction.atomic(), acting_as(person("analyst2")):
        visible = set(Portfolio.objects.values_list("pk", flat=True))
        seen = set(ClosedFigure.objects.values_list("portfolio_id", flat=True))
    assert seen <= visible
    assert seen


def test_the_worker_cannot_change_what_was_closed(november, connect_as):
    worker = connect_as("worker", autocommit=True)
    for statement in (
        "UPDATE closed_figure SET net_asset_value = 0",
        "DELETE FROM closed_figure",
        "DELETE FROM period_close",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            worker.execute(statement)
