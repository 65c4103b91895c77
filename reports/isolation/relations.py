"""Reads of every relation straight from the database, as the web role under a signed identity."""

import time
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any, Final

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
# Statements of one person in one transaction, sent together as a page sends its own.
TOGETHER: Final = 12
# Most statements name portfolios, anybody's, as pages do; some have no condition at all.
NAMED: Final = 3
WITHOUT_CONDITION: Final = 0.01
# A relation of so many rows is asked half as often as an empty one: it takes the longer.
HALF_AS_OFTEN: Final = 1_000


@dataclass(frozen=True, slots=True)
class Question:
    """One statement: a relation, its day where it has days, and the portfolios it names."""

    relation: Relation
    day: date | None
    named: tuple[int, ...] | None

    @property
    def statement(self) -> str:
        """The statement, as the web role sends it."""
        return self.relation.statement(self.relation.name, named=self.named is not None)

    @property
    def values(self) -> dict[str, Any]:
        """Its parameters."""
        days = {"day": self.day} if self.day is not None else {}
        return days if self.named is None else days | {"named": list(self.named)}

    def told(self, member: Member) -> str:
        """In words, for what was wrong."""
        day = f" of {self.day}" if self.day else ""
        return f"{member.username} ({member.role}) in {self.relation.name}{day}"


class RelationReader:
    """Reads as anybody, on one connection that all of them share one after the other."""

    def __init__(self, dsn: str, truth: Truth, access: Access, tally: Tally) -> None:
        self._dsn, self._truth, self._access, self._tally = dsn, truth, access, tally
        self._everything = frozenset(truth.codes)
        self._codes = list(truth.codes)
        self._weights = [
            1
            / (
                1
                + sum(count for count, _ in truth.of(one, truth.days[-1]).values()) / HALF_AS_OFTEN
            )
            for one in truth.relations
        ]
        self._connection = self._connected()

    def read(self, member: Member, rng: Random) -> None:
        """Some relations as the person, each compared with what the oracle says."""
        questions = [self._question(rng) for _ in range(TOGETHER)]
        start = time.time()
        try:
            answers = self._answers(member.id, questions, rng.choice(LEVELS))
        except psycopg.OperationalError:
            self._tally.again()
            self._connection.close()
            self._connection = self._connected()
            return
        end = time.time()
        must = self._access.must(member.id, start, end)
        may = self._access.may(member.id, start, end)
        for question, seen in zip(questions, answers, strict=True):
            self._compare(member, question, seen, must, may)

    def close(self) -> None:
        """Ends the connection."""
        self._connection.close()

    def _connected(self) -> psycopg.Connection:
        connection = psycopg.connect(self._dsn, autocommit=True)
        connection.prepare_threshold = PREPARE_AFTER
        return connection

    def _question(self, rng: Random) -> Question:
        (relation,) = rng.choices(self._truth.relations, self._weights)
        whole = rng.random() < WITHOUT_CONDITION
        return Question(
            relation,
            rng.choice(self._truth.days) if relation.by_day else None,
            None if whole else tuple(rng.sample(self._codes, min(NAMED, len(self._codes)))),
        )

    def _answers(self, person: int, questions: list[Question], level: IsolationLevel) -> list[Rows]:
        """The rows of each, all in one transaction under the person's identity."""
        web = self._connection
        web.isolation_level = level
        with web.transaction():
            pid, begun = web.execute(ASK).fetchall()[0]
            token = sign(person, pid, begun, settings.IDENTITY_KEY.encode())
            with web.pipeline():
                web.execute(ENTER, [token])
                cursors = [web.execute(one.statement, one.values) for one in questions]
            return [
                {portfolio: (count, int(total)) for portfolio, count, total in cursor.fetchall()}
                for cursor in cursors
            ]

    def _compare(
        self,
        member: Member,
        question: Question,
        seen: Rows,
        must: Collection[int],
        may: Collection[int],
    ) -> None:
        truth = self._truth.of(question.relation, question.day)
        if member.role in WIDER.get(question.relation.name, ()):
            must = may = self._everything
        elif question.relation.name in BY_ROLE_ALONE:
            must = may = ()
        rows = 0
        # Whatever comes back beyond what was named counts too.
        for portfolio in seen.keys() | (truth.keys() if question.named is None else question.named):
            mine, there = seen.get(portfolio, NONE), truth.get(portfolio, NONE)
            rows += there[0]
            if portfolio not in may:
                if mine != NONE:
                    self._tally.foreign(mine[0], self._told(member, question, portfolio))
            elif portfolio not in must:
                if mine not in (NONE, there):
                    told = f"{self._told(member, question, portfolio)}, altered"
                    self._tally.missing(abs(there[0] - mine[0]) or 1, told)
                self._tally.undecided_rows(there[0])
            elif mine != there:
                told = self._told(member, question, portfolio)
                self._tally.missing(abs(there[0] - mine[0]) or 1, told)
        self._tally.read("relation", rows)

    def _told(self, member: Member, question: Question, portfolio: int) -> str:
        return f"{question.told(member)}: {self._truth.codes.get(portfolio, portfolio)}"
