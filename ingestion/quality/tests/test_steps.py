"""Who may take a step with a finding, and who sees which findings: judged by the database."""

from contextlib import contextmanager

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test import Client

from helio.accounts.models import User
from helio.audit.models import Event
from helio.rls.identity import acting_as
from helio.testing import databases
from ingestion.models import Finding, FindingEvent
from ingestion.operations.findings import ADD_STEP
from ingestion.quality.run import run_checks
from portfolios.figures.findings import PortfolioFinding, findings, waiting
from portfolios.models import Portfolio

pytestmark = pytest.mark.usefixtures("alpha")


@contextmanager
def seen_by(name: str):
    """The database as this person's web process sees it."""
    with transaction.atomic():
        person = User.objects.get(username=name)
        with acting_as(person):
            yield person


def take_step(by: User, finding: int, action: str, reason: str = "", owner: int | None = None):
    with connection.cursor() as cursor:
        cursor.execute(ADD_STEP, [finding, by.pk, action, owner, reason])


@pytest.fixture(scope="module")
def one(alpha) -> int:
    with databases.django_connected_to(role="worker"):
        return Finding.objects.get(code="UNKNOWN_BOOK").pk


def test_operations_take_acknowledge_and_dismiss_and_all_of_it_is_kept(one):
    with seen_by("operations1") as person:
        take_step(person, one, "taken", owner=person.pk)
        take_step(person, one, "acknowledged", "Asked the desk which book it is.")
        finding = Finding.objects.get(pk=one)
        assert (finding.state, finding.owner_id) == ("acknowledged", person.pk)
        take_step(person, one, "dismissed", "A test of the desk's.")
    with seen_by("operations1") as person:
        assert Finding.objects.get(pk=one).state == "dismissed"
        steps = FindingEvent.objects.filter(finding=one).values_list("action", "state", "by_id")
        assert list(steps) == [
            ("raised", "open", None),
            ("taken", "open", person.pk),
            ("acknowledged", "acknowledged", person.pk),
            ("dismissed", "dismissed", person.pk),
        ]
    with seen_by("auditor1"):
        event = Event.objects.filter(action="finding dismissed").get()
        assert event.actor == "operations1"
        assert event.detail["reason"] == "A test of the desk's."


def test_a_dismissed_finding_stays_so_while_its_cause_lasts(one):
    with seen_by("operations1") as person:
        take_step(person, one, "dismissed", "Known.")
    with databases.django_connected_to(role="worker"):
        run_checks(cause="test", everything=True)
        assert Finding.objects.get(pk=one).state == "dismissed"


@pytest.mark.parametrize("action", ["acknowledged", "resolved", "dismissed"])
def test_a_decision_without_a_reason_is_refused(one, action):
    with pytest.raises(IntegrityError), seen_by("operations1") as person:
        take_step(person, one, action, "  ")


@pytest.mark.parametrize("name", ["analyst1", "manager1", "executive1", "auditor1", "admin"])
def test_nobody_else_takes_a_step(one, name):
    with pytest.raises(ProgrammingError), seen_by(name) as person:
        take_step(person, one, "taken", owner=None if name == "admin" else person.pk)


def test_nobody_acts_under_another_name(one):
    with pytest.raises(ProgrammingError), seen_by("operations1"):
        take_step(User.objects.get(username="admin"), one, "acknowledged", "Not me.")


def test_a_finding_is_handed_to_operations_only(one):
    with seen_by("operations1"):
        analyst = User.objects.get(username="analyst1").pk
    with pytest.raises(ProgrammingError), seen_by("operations1") as person:
        take_step(person, one, "assigned", owner=analyst)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE finding SET state = 'dismissed'",
        "DELETE FROM finding",
        "DELETE FROM finding_event",
        "UPDATE finding_event SET reason = 'other'",
        "INSERT INTO finding_event (finding_id, action, state) VALUES (1, 'raised', 'open')",
    ],
)
def test_even_operations_rewrite_nothing(statement):
    with pytest.raises(ProgrammingError), seen_by("operations1"), connection.cursor() as cursor:
        cursor.execute(statement)


def test_an_analyst_sees_findings_about_own_portfolios_and_what_these_hold():
    with seen_by("analyst1"):
        mine = set(Portfolio.objects.values_list("pk", flat=True))
        seen = list(PortfolioFinding.objects.all())
        assert {one.portfolio_id for one in seen} <= mine | {None}
        assert any(one.portfolio_id for one in seen)
        assert all(one.listing_id for one in seen if one.portfolio_id is None)
        assert Finding.objects.count() == 0, "the table itself is for operations"
    with seen_by("auditor1"):
        everything = PortfolioFinding.objects.count()
        assert everything == Finding.objects.count()
    assert 0 < len(seen) < everything


def test_who_may_see_no_portfolio_sees_no_finding():
    with seen_by("analyst12"):
        assert PortfolioFinding.objects.count() == 0
        assert waiting().count() == 0


def test_as_known_then_leaves_out_what_was_not_known():
    with seen_by("auditor1"):
        moment = PortfolioFinding.objects.get(code="OVERSOLD").known_from
        before = findings(known_at=moment.replace(year=2024, month=1))
        assert not before.filter(code="OVERSOLD").exists()
        assert findings(known_at=moment).filter(code="OVERSOLD").exists()


@pytest.fixture
def sign_in():
    def signed_in(name: str) -> Client:
        client = Client()
        client.force_login(User.objects.get(username=name), "helio.signin.backend.PasswordBackend")
        return client

    return signed_in


@pytest.mark.parametrize(
    "path",
    [
        "/operations/findings/",
        "/operations/findings/?state=any&severity=any&code=BREAK_CASH",
        "/operations/findings.csv?state=any&severity=any",
        "/operations/reconciliation/",
        "/operations/reconciliation/?day=2025-10-24&portfolio=HA-03&show=breaks",
    ],
)
def test_the_pages_are_for_operations_and_auditors(sign_in, path):
    assert sign_in("operations1").get(path).status_code == 200
    assert sign_in("auditor1").get(path).status_code == 200
    assert sign_in("analyst1").get(path).status_code == 403


def test_the_page_of_a_finding_shows_its_line_as_received(sign_in, one):
    page = sign_in("operations1").get(f"/operations/findings/{one}/").content.decode()

    assert "NYC/TEST/99" in page
    assert "What can be done" in page
    assert "Hand" not in sign_in("auditor1").get(f"/operations/findings/{one}/").content.decode()


def test_a_step_is_a_post_that_leads_back_with_a_sentence(sign_in, one):
    address = f"/operations/findings/{one}/step/"
    client = sign_in("operations1")

    answer = client.post(address, {"action": "resolved", "reason": "Booked anew as AM9."})

    assert answer.status_code == 303
    assert "It is resolved." in client.get(answer["Location"]).content.decode()
    assert client.get(address).status_code == 405
    assert sign_in("analyst1").post(address, {"action": "taken"}).status_code == 403
    without = client.post(address, {"action": "dismissed", "reason": ""}, follow=True)
    assert "Please say why" in without.content.decode()


def test_the_break_of_a_day_is_shown_with_both_sides(sign_in):
    page = sign_in("operations1").get("/operations/reconciliation/?day=2025-10-24").content.decode()

    assert "20,030" in page
    assert "19,990" in page


@pytest.mark.parametrize("path", ["/findings/", "/portfolios/{}/findings/", "/"])
def test_analysts_find_their_findings(sign_in, path):
    client = sign_in("analyst1")
    with seen_by("analyst1"):
        code = Portfolio.objects.first().code

    page = client.get(path.format(code))

    assert page.status_code == 200
    assert "Findings" in page.content.decode()


def test_the_trust_strip_counts_what_waits_within_the_perimeter(sign_in):
    with seen_by("analyst1"):
        count = waiting().count()

    page = sign_in("analyst1").get("/").content.decode()

    assert f'data-figure="findings_waiting" data-value="{count}"' in page
    assert 'href="/findings/"' in page
    assert (
        'href="/operations/findings/"'
        in sign_in("operations1").get("/operations/").content.decode()
    )
