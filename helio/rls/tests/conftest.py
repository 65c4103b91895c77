"""Raw connections of the web role, as an injected query has one."""

import pytest

from helio.rls.tests.support import person_id


@pytest.fixture
def web(connect_as):
    """A raw connection of helio_web to the database with alpha's portfolios, in no transaction."""
    with connect_as("web") as connection:
        connection.autocommit = True
        yield connection


@pytest.fixture
def analyst(connect_as, alpha) -> int:
    return person_id(connect_as, "analyst2")
