"""acting_as(): refuses to run where an identity could leak or be mistaken."""

import hashlib

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.http import HttpResponseForbidden
from django.test import RequestFactory

from helio.accounts.models import User
from helio.rls.identity import IdentityError, acting_as, pads, sign
from helio.rls.middleware import IdentityMiddleware, one_state
from portfolios.models import Portfolio


@pytest.fixture
def people(alpha):
    return {person.username: person for person in User.objects.all()}


def codes() -> list[str]:
    return list(Portfolio.objects.values_list("code", flat=True))


def test_it_refuses_to_run_outside_a_transaction(people):
    with pytest.raises(IdentityError, match="transaction"), acting_as(people["analyst2"]):
        pass


def test_it_refuses_nesting_under_another_person(people):
    with (
        transaction.atomic(),
        acting_as(people["analyst2"]),
        pytest.raises(IdentityError, match="another person"),
        acting_as(people["analyst1"]),
    ):
        pass


def test_it_refuses_an_unsaved_person(people):
    with transaction.atomic(), pytest.raises(IdentityError), acting_as(User(username="nobody")):
        pass


def test_nesting_under_the_same_person_keeps_the_identity(people):
    with transaction.atomic(), acting_as(people["analyst2"]):
        with acting_as(people["analyst2"]):
            assert codes() == ["HA-01", "HA-04"]
        assert codes() == ["HA-01", "HA-04"]


def test_the_identity_ends_with_the_block(people):
    with transaction.atomic():
        with acting_as(people["analyst2"]):
            assert codes() == ["HA-01", "HA-04"]
        assert codes() == []


def test_people_take_turns_on_one_connection(people):
    seen = []
    for name in ("analyst2", "analyst11", "executive1", "auditor1", "analyst12"):
        with transaction.atomic(), acting_as(people[name]):
            seen.append(len(codes()))
    assert seen == [2, 1, 0, 16, 0]


def test_an_error_inside_the_block_is_not_hidden(people):
    with (
        pytest.raises(ZeroDivisionError),
        transaction.atomic(),
        acting_as(people["analyst2"]),
    ):
        raise ZeroDivisionError
    with transaction.atomic():
        assert codes() == []


def test_a_repeatable_transaction_sees_one_state(people):
    with one_state(), connection.cursor() as cursor:
        cursor.execute("SHOW transaction_isolation")
        assert cursor.fetchone() == ("repeatable read",)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SHOW transaction_isolation")
        assert cursor.fetchone() == ("read committed",)


def test_the_token_is_the_hmac_of_the_standard():
    """RFC 4231, test case 2, shows that pads and digest are those of HMAC-SHA256."""
    inner, outer = pads(b"Jefe")
    message = b"what do ya want for nothing?"
    digest = hashlib.sha256(outer + hashlib.sha256(inner + message).digest()).hexdigest()
    assert digest == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    assert sign(1, 2, 3, b"k" * 32).startswith("1.2.3.")


def test_a_view_that_raises_leaves_nothing_half_written(people):
    person = people["analyst2"]

    def refuse_halfway(request):
        User.objects.filter(pk=person.pk).update(first_name="Half")
        middleware.process_exception(request, PermissionDenied())
        return HttpResponseForbidden()

    middleware = IdentityMiddleware(refuse_halfway)
    request = RequestFactory().post("/reports/export/")
    request.user = person
    request.session = {}
    assert middleware(request).status_code == 403
    assert User.objects.get(pk=person.pk).first_name == ""
