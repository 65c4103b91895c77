"""The case in a database, and somebody who reads its figures as the web role."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from helio.rls.identity import acting_as
from helio.rls.middleware import one_state
from helio.testing import databases
from portfolios.refresh import refresh
from portfolios.tests.support import facts, people

EVERYBODYS = ("auditor", "executive")


@dataclass(frozen=True)
class Reader:
    """A person by primary key, as an identity wants one."""

    pk: int


Reading = Callable[[], AbstractContextManager[None]]


@pytest.fixture(scope="session")
def figures_database(migrated: str, django_db_blocker: DjangoDbBlocker) -> str:
    """Name of the template with the case's facts, loaded without the pipeline, refreshed once."""
    database = databases.copy(migrated, "figures")
    with (
        django_db_blocker.unblock(),
        databases.django_connected_to(database=database, role="worker"),
    ):
        facts.load_case()
        refresh(cause="test")
    return database


@pytest.fixture(scope="module")
def figures(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, figures_database: str
) -> Iterator[str]:
    """Name of this module's own database with the case's facts, refreshed once."""
    with django_db_blocker.unblock(), databases.own_copy(figures_database) as database:
        yield database


@pytest.fixture(scope="module", params=["facts", "pipeline"])
def case(request: pytest.FixtureRequest) -> str:
    """The refreshed case, its facts loaded by these tests and by the ordinary pipeline."""
    return str(request.getfixturevalue("figures" if request.param == "facts" else "alpha"))


def _reading(database: str, username: str, **access: tuple[str, ...]) -> Reading:
    with databases.connect("superuser", database) as owner:
        person = Reader(people.enter(owner, username, **access))

    @contextmanager
    def read() -> Iterator[None]:
        with one_state(), acting_as(person):
            yield

    return read


@pytest.fixture(scope="module")
def reading_everything(case: str) -> Reading:
    """Opens a transaction of the web role in which somebody who may see everything reads."""
    return _reading(case, "reader", roles=EVERYBODYS)


@pytest.fixture(scope="module")
def reading_two(figures: str) -> Reading:
    """The same for an analyst of HA-01 (dollars) and HA-05 (pounds)."""
    return _reading(figures, "analyst", roles=("analyst",), portfolios=("HA-01", "HA-05"))


@pytest.fixture(scope="module")
def reading_leadership(figures: str) -> Reading:
    """The same for an executive, who opens no portfolio."""
    return _reading(figures, "leader", roles=("executive",))


@pytest.fixture
def read_everything(reading_everything: Reading) -> Iterator[None]:
    """Within the test, the connection reads everything as the web role."""
    assert connection.settings_dict["USER"] == "helio_web"
    with reading_everything():
        yield


@pytest.fixture
def read_two(reading_two: Reading) -> Iterator[None]:
    """Within the test, the connection reads HA-01 and HA-05 as the web role."""
    assert connection.settings_dict["USER"] == "helio_web"
    with reading_two():
        yield


@pytest.fixture(scope="module")
def reading_alpha(alpha: str) -> Reading:
    """The same for somebody who may see everything of the case as the pipeline loaded it."""
    return _reading(alpha, "historian", roles=EVERYBODYS)


@pytest.fixture(scope="module")
def reading_alpha_two(alpha: str) -> Reading:
    """The same for an analyst of HA-01 (dollars) and HA-05 (pounds)."""
    return _reading(alpha, "analyst_then", roles=("analyst",), portfolios=("HA-01", "HA-05"))
