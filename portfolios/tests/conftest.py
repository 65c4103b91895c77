"""The case in a database, and somebody who reads its figures as the web role."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

import pytest
from django.db import connection, transaction

from helio.rls.identity import acting_as
from helio.testing import databases
from portfolios.refresh import refresh
from portfolios.tests.support import facts, people

EVERYBODYS = ("auditor", "executive")


@dataclass(frozen=True)
class Reader:
    """A person by primary key, as an identity wants one."""

    pk: int


Reading = Callable[[], AbstractContextManager[None]]


@pytest.fixture(scope="module")
def loaded(fresh_database: str) -> str:
    """A database with the case's facts, loaded without the pipeline, and not yet refreshed."""
    with databases.django_connected_to(role="worker"):
        facts.load_case()
    return fresh_database


@pytest.fixture(scope="module")
def figures(loaded: str) -> str:
    """The same, refreshed once."""
    with databases.django_connected_to(role="worker"):
        refresh(cause="test")
    return loaded


@pytest.fixture(scope="module")
def reading(figures: str) -> Reading:
    """Opens a transaction of the web role in which somebody who may see everything reads."""
    with databases.connect("superuser", figures) as owner:
        auditor = Reader(people.enter(owner, "reader", roles=EVERYBODYS))

    @contextmanager
    def read() -> Iterator[None]:
        with transaction.atomic(), acting_as(auditor):
            yield

    return read


@pytest.fixture
def read(reading: Reading, django_db_blocker: object) -> Iterator[None]:
    """Within the test, the connection reads everything as the web role."""
    assert connection.settings_dict["USER"] == "helio_web"
    with reading():
        yield
