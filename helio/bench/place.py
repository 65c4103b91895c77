"""Where a benchmark runs: a database of its own on servers of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import psycopg
from django.db import connection

from helio.database import urls
from helio.testing import databases

# Position-days of each size.
SIZES: Final = {"S": 1_000_000, "M": 10_000_000, "L": 30_000_000}


@dataclass(frozen=True)
class Place:
    """A migrated database, and how much data the run is about."""

    database: str
    size: str

    @property
    def position_days(self) -> int:
        """How many rows ``position_daily`` is to hold."""
        return SIZES[self.size]

    def connect(self, role: str) -> psycopg.Connection:
        """A raw connection as any role, ``superuser`` included, in autocommit."""
        return databases.connect(role, self.database, autocommit=True)


@contextmanager
def bench_place(size: str) -> Iterator[Place]:
    """A fresh place, to which Django is connected as helio_web; dropped afterwards."""
    database = databases.copy(databases.migrate_template(), "bench")
    try:
        with databases.django_connected_to(database=database):
            # As the web processes of `make run`, whose connections stay.
            connection.settings_dict["OPTIONS"]["prepare_threshold"] = urls.PREPARE_AFTER
            yield Place(database, size)
    finally:
        databases.drop(database)
