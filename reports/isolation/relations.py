"""Reads of every relation straight from the database, as the web role under a signed identity."""

import time
from datetime import date
from random import Random
from typing import Final

import psycopg
from django.conf import settings
from psycopg import IsolationLevel

from helio.rls.identity import ASK, ENTER, sign
from reports.isolation.access import Access
from reports.isolation.cast import Member
from reports.isolation.tally import Tally
from reports.isolation.truth import BY_ROLE_ALONE, WIDER, Digest, Relation, Rows, Truth

LEVELS: Final = (IsolationLevel.READ_COMMITTED, IsolationLevel.REPEATABLE_READ)
# As on connections of the web that stay: one person's plan serves the next.
PREPARE_AFTER: Final = 3
NONE: Final[Digest] = (0, 0)


class RelationReader:
    """Reads as anybody, on one connection that all of them share one after the other."""

    def __init__(self, dsn: str, truth: Truth, access: Access, tally: Tally) -> None:
        self._dsn, self._truth, self._access, self._tally = dsn, truth, access, tally
        self._connection = self._connected()

    def read(self, member: Member, rng: Random) -> None:
        """One relation as the person, compared with what the oracle says."""
        relation = rng.choice(self._truth.relations)
        day = rng.choice(self._truth.days) if relation.by_day else None
        start = time.time()
        try:
            seen = self._seen(member.id, relation, day, rng.choice(LEVELS))
        except psycopg.OperationalError:
            self._tally.again()
            self._connection.close()
            self._connection = self._connected()
            return
        self._compare(member, relation, day, seen, start, time.time())

    def close(self) -> None:
        """Ends the connection."""
        self._connection.close()

    def _connected(self) -> psycopg.Connection:
        connection = psycopg.connect(self._dsn, autocommit=True)
        connection.prepare_threshold = PREPARE_AFTER
        return connection

    def _seen(
        self, person: int, relation: Relation, day: date | None, level: IsolationLevel
    ) -> Rows:
        web = self._connection
        web.isolation_level = level
        with web.transaction():
            pid, begun = web.execute(ASK).fetchall()[0]
            web.execute(ENTER, [sign(person, pid, begun, settings.IDENTITY_KEY.encode())])
            found = web.execute(relation.statement(relation.name), {"day": day}).fetchall()
        return {portfolio: (count, int(total)) for portfolio, count, total in found}

    def _compare(
        self,
        member: Member,
        relation: Relation,
        day: date | None,
        seen: Rows,
        start: float,
        end: float,
    ) -> None:
        truth = self._truth.of(relation, day)
        must, may = self._allowed(member, relation, start, end)
        where = f"{member.username} ({member.role}) in {relation.name}{f' of {day}' if day else ''}"
        for portfolio in seen.keys() | truth.keys():
            mine, there = seen.get(portfolio, NONE), truth.get(portfolio, NONE)
            told = f"{where}: {self._truth.codes.get(portfolio, portfolio)}"
            if portfolio not in may:
                if mine != NONE:
                    self._tally.foreign(mine[0], told)
            elif portfolio not in must:
                if mine not in (NONE, there):
                    self._tally.missing(abs(there[0] - mine[0]) or 1, f"{told}, altered")
                self._tally.undecided_rows(there[0])
            elif mine != there:
                self._tally.missing(abs(there[0] - mine[0]) or 1, told)
        self._tally.read("relation", sum(count for count, _ in truth.values()))

    def _allowed(
        self, member: Member, relation: Relation, start: float, end: float
    ) -> tuple[set[int], set[int]]:
        if member.role in WIDER.get(relation.name, ()):
            everything = set(self._truth.codes)
            return everything, everything
        if relation.name in BY_ROLE_ALONE:
            return set(), set()
        return (
            self._access.must(member.id, start, end),
            self._access.may(member.id, start, end),
        )
