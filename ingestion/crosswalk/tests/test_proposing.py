"""Who may propose, decide and see mappings: through the pages, and around them."""

from collections.abc import Callable

import psycopg
import pytest
from django.contrib.auth import get_user_model
from django.db import connection, transaction, utils
from django.test import Client
from django.urls import reverse

from helio.rls.identity import acting_as
from helio.testing import databases
from ingestion.crosswalk import apply as applying
from ingestion.crosswalk import preview as rehearsing
from ingestion.crosswalk import unmapped
from ingestion.models import MappingProposal, UnmappedKey
from portfolios.models import Listing

pytestmark = pytest.mark.usefixtures("alpha")

Act = Callable[[str], Client]


@pytest.fixture
def sign_in() -> Act:
    def client(name: str) -> Client:
        client = Client()
        client.force_login(person(name), "helio.signin.backend.PasswordBackend")
        return client

    return client


def person(name: str):
    return get_user_model().objects.get(username=name)


@pytest.fixture(scope="module", autouse=True)
def counted(alpha):
    with databases.django_connected_to(role="worker"), transaction.atomic():
        unmapped.count()


@pytest.fixture
def key() -> UnmappedKey:
    with databases.django_connected_to(role="worker"):
        return UnmappedKey.objects.get(value="NYC/TEST/99")


def propose(client: Client, key: UnmappedKey, **changes: str):
    data = {"target": "HA-01", "valid_from": "2025-06-17", "reason": "A new book"} | changes
    return client.post(reverse("operations:propose-key", args=[key.pk]), data)


def newest() -> MappingProposal:
    with databases.django_connected_to(role="worker"):
        return MappingProposal.objects.order_by("-pk").first()


def decide(client: Client, proposal: MappingProposal, decision: str = "approved", **changes: str):
    data = {"decision": decision, "reason": "Checked"} | changes
    return client.post(reverse("operations:decide-proposal", args=[proposal.pk]), data, follow=True)


PAGES = ["operations:crosswalk", "operations:crosswalk-mappings", "operations:proposals"]


@pytest.mark.parametrize("view", PAGES)
@pytest.mark.parametrize("name", ["operations1", "operations2", "auditor1", "admin"])
def test_staff_may_look(sign_in, view, name):
    assert sign_in(name).get(reverse(view)).status_code == 200


@pytest.mark.parametrize("view", PAGES)
@pytest.mark.parametrize("name", ["analyst1", "manager1", "executive1"])
def test_others_are_turned_away(sign_in, view, name):
    assert sign_in(name).get(reverse(view)).status_code == 403


def test_the_page_shows_keys_by_value_with_candidates_and_lines(sign_in, key):
    client = sign_in("operations1")
    page = client.get(reverse("operations:crosswalk")).content.decode()
    assert "NYC/TEST/99" in page
    assert "991369100" in page
    one = client.get(reverse("operations:unmapped-key", args=[key.pk])).content.decode()
    assert "AM74253,1,NEW" in one
    assert 'name="target"' in one


def test_an_auditor_reads_and_proposes_nothing(sign_in, key):
    assert propose(sign_in("auditor1"), key).status_code == 403


def test_a_reason_is_asked_for(sign_in, key):
    client = sign_in("operations1")
    answer = propose(client, key, reason=" ")
    assert answer.status_code == 303
    assert "Please give a reason" in client.get(answer.url).content.decode()


def test_the_proposer_cannot_approve_and_a_second_person_can(sign_in, key):
    first, second = sign_in("operations1"), sign_in("operations2")
    answer = propose(first, key)
    proposal = newest()
    assert answer.url == reverse("operations:proposal", args=[proposal.pk])
    assert (proposal.proposed_by, proposal.state) == ("operations1", "proposed")
    assert "Approve</button>" not in first.get(answer.url).content.decode()

    page = decide(first, proposal).content.decode()
    assert "a second person decides" in page
    assert newest().state == "proposed"

    with databases.django_connected_to(role="worker"):
        rehearsing.preview(proposal.pk)
    page = second.get(answer.url).content.decode()
    assert "1 held record would take effect" in page
    assert "Changes of net asset value are shown to those who may see the portfolio." in page
    assert 'data-figure="value_change"' not in page
    seen = sign_in("auditor1").get(answer.url).content.decode()
    assert 'data-figure="value_change"' in seen

    decide(second, proposal)
    decided = newest()
    assert (decided.state, decided.decided_by) == ("approved", "operations2")
    with databases.django_connected_to(role="worker"):
        assert applying.apply(proposal.pk).released == 1
    assert "In effect" not in first.get(reverse("operations:crosswalk")).content.decode()

    undo = reverse("operations:propose-undo", args=[proposal.pk])
    assert second.post(undo, {"reason": "Wrong book"}).status_code == 303
    assert (newest().action, newest().proposed_by) == ("undo", "operations2")
    decide(first, newest())
    with databases.django_connected_to(role="worker"):
        assert applying.apply(newest().pk).withdrawn == 1


def test_every_step_is_in_the_trail(sign_in):
    trail = sign_in("auditor1").get(reverse("audit:trail"), {"action": "mapping proposed"})
    assert "mapping proposed" in trail.content.decode()
    trail = sign_in("auditor1").get(reverse("audit:trail"), {"action": "mapping approved"})
    assert "operations2" in trail.content.decode()


def test_a_code_and_a_listing_show_their_history(sign_in):
    client = sign_in("auditor1")
    found = client.get(reverse("operations:crosswalk-mappings"), {"q": "ZTRN"}).content.decode()
    assert "ZORB@XNYS" in found
    assert "2024-09-15" in found
    with databases.django_connected_to(role="worker"):
        listing = Listing.objects.get(key="ZORB@XNYS")
        row = listing.identifiers.filter(value="ZTRN").first()
    page = client.get(reverse("operations:crosswalk-listing", args=[listing.pk])).content.decode()
    assert "derived" in page
    page = client.get(reverse("operations:crosswalk-code", args=["identifier", row.pk]))
    assert "2025-02-03" in page.content.decode()


def insert(values: str) -> str:
    return (
        "INSERT INTO mapping_proposal (kind, action, scheme, value, scope, portfolio_code, reason,"
        " evidence, proposed_by_id, proposed_by, state, decided_by, decision_reason, problem,"
        f" preview_sentence{values}"
    )


def row(name: str, state: str = "proposed", reason: str = "Because", decided: str = "") -> str:
    columns = ", decided_by_id, decided_at" if decided else ""
    values = f", {decided}, now()" if decided else ""
    return (
        insert(columns)
        + f") VALUES ('portfolio_key', 'map', 'OMS', 'X/Y', '', 'HA-01', '{reason}', '',"
        f" {person(name).pk}, '{name}', '{state}', '', '{'ok' if decided else ''}', '', ''{values})"
    )


@pytest.mark.parametrize(
    ("name", "statement"),
    [
        ("operations1", lambda: row("operations1", "approved", decided="1")),
        ("operations1", lambda: row("operations1", "applied", decided="1")),
        ("operations1", lambda: row("operations1", reason="")),
        ("analyst1", lambda: row("analyst1")),
        ("auditor1", lambda: row("auditor1")),
        ("operations1", lambda: "INSERT INTO identifier (scheme, value, scope, listing_id, source,"
         " evidence) VALUES ('SYMBOL', 'X', 'XNYS', 1, 'me', '')"),
        ("operations1", lambda: "UPDATE identifier SET listing_id = 1"),
        ("operations1", lambda: "UPDATE mapping_proposal SET proposed_by_id = 1"),
        ("operations1", lambda: "UPDATE mapping_proposal SET applied_at = now()"),
        ("operations1", lambda: "DELETE FROM mapping_proposal"),
        ("operations1", lambda: "DELETE FROM unmapped_key"),
    ],
)  # fmt: skip
def test_crafted_statements_of_the_web_role_are_refused(name, statement):
    refused = pytest.raises(utils.ProgrammingError, match=r"denied|row-level security")
    with refused, transaction.atomic(), acting_as(person(name)), connection.cursor() as cursor:
        cursor.execute(statement())


def test_the_database_says_who_proposed_and_who_decided(alpha):
    mine, other = person("operations1"), person("operations2")
    forged = row("operations2").replace("'operations2'", "'somebody else'")
    with transaction.atomic(), acting_as(mine), connection.cursor() as cursor:
        cursor.execute(forged + " RETURNING id, proposed_by_id, proposed_by")
        number, proposed_by, name = cursor.fetchone()
    assert (proposed_by, name) == (mine.pk, "operations1")

    approve = (
        "UPDATE mapping_proposal SET state = 'approved', decided_by_id = %s,"
        " decided_at = '2020-01-01', decision_reason = 'ok' WHERE id = %s"
    )
    with (
        pytest.raises((utils.ProgrammingError, utils.IntegrityError)),
        transaction.atomic(),
        acting_as(mine),
        connection.cursor() as cursor,
    ):
        cursor.execute(approve, [other.pk, number])
    with transaction.atomic(), acting_as(other), connection.cursor() as cursor:
        cursor.execute(approve, [mine.pk, number])
    decided = newest()
    assert (decided.state, decided.decided_by) == ("approved", "operations2")
    assert decided.decided_at.year > 2020


def test_the_constraint_binds_the_superuser_too(alpha):
    with (
        databases.connect("superuser", alpha) as owner,
        pytest.raises(psycopg.errors.CheckViolation),
    ):
        owner.execute(
            "UPDATE mapping_proposal SET state = 'approved', decided_by_id = proposed_by_id"
        )


def test_the_share_of_value_mapped_is_for_everybody_signed_in(sign_in):
    for name in ("analyst1", "executive1", "operations1"):
        page = sign_in(name).get("/", follow=True).content.decode()
        assert 'data-figure="mapped_share"' in page
