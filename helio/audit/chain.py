"""Re-computes the audit chain outside the database, event by event.

The same formula as security.audit_hash() in sql/0001_chain.sql, written again on purpose: who can
rewrite the table can also rewrite the database's function.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import connection

from helio.audit.heads import Head, UnreadableHeadsError, shipped

GENESIS = hashlib.sha256(b"Helio audit trail").digest()
CHUNK_ROWS = 2_000

# Everything as the database prints it: a JSON document has one text there, and several here.
READ_IN_ORDER = """
SELECT id, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), actor_id::text, actor,
       recorded_by, action, object, portfolio_id::text, version_number::text, detail::text,
       previous_hash, hash
FROM audit_event ORDER BY id
"""


@dataclass(frozen=True)
class Verification:
    """What a walk along the chain found; ``problem`` is a sentence, empty when it is intact.

    ``heads`` counts the heads shipped elsewhere that the chain was compared with.
    """

    events: int
    head: str
    problem: str
    heads: int = 0

    @property
    def intact(self) -> bool:
        return not self.problem


def verify() -> Verification:
    """The state of the chain as the connected role sees it (auditor, worker or helio_audit)."""
    try:
        return walk(_rows(), shipped())
    except UnreadableHeadsError as error:
        return _broken(0, GENESIS, str(error))


def walk(rows: Iterable[tuple], heads: Iterable[Head] = ()) -> Verification:
    """The state of a chain given as rows in the order of ``READ_IN_ORDER``.

    A chain that holds in itself may still have been written anew: it must also pass through every
    head that was shipped.
    """
    waiting: dict[int, list[Head]] = {}
    for head in heads:
        waiting.setdefault(head.number, []).append(head)
    compared = sum(map(len, waiting.values()))
    previous, number = GENESIS, 0
    for row in rows:
        number += 1
        problem = _fault(row, number, previous) or _rewritten(row, waiting.pop(number, []))
        if problem:
            return _broken(number - 1, previous, problem)
        previous = bytes(row[-1])
    if waiting:
        lost = min(waiting)
        problem = f"Event {lost} was shipped at {waiting[lost][0].at} and is missing now."
        return _broken(number, previous, problem)
    return Verification(number, previous.hex(), "", compared)


def _fault(row: tuple, number: int, previous: bytes) -> str:
    if row[0] != number:
        return f"Event {number} is missing."
    if bytes(row[-2]) != previous:
        return f"Event {number} does not follow its predecessor."
    if event_hash(previous, row[:-2]) != bytes(row[-1]):
        return f"Event {number} was changed after it was written."
    return ""


def _rewritten(row: tuple, heads: list[Head]) -> str:
    for head in heads:
        if head.hash != bytes(row[-1]).hex():
            return f"The chain was rewritten: event {row[0]} is not the one shipped at {head.at}."
    return ""


def event_hash(previous: bytes, fields: Iterable[object]) -> bytes:
    """SHA-256 of the previous hash and the fields as netstrings (null is ``-,``)."""
    return hashlib.sha256(previous + b"".join(map(_netstring, fields))).digest()


def _netstring(field: object) -> bytes:
    if field is None:
        return b"-,"
    content = str(field).encode()
    return b"%d:%s," % (len(content), content)


def _broken(events: int, head: bytes, problem: str) -> Verification:
    return Verification(events, head.hex(), problem)


def _rows() -> Iterator[tuple]:
    # A server-side cursor: the trail never fits in memory for long.
    with connection.chunked_cursor() as cursor:
        cursor.execute(READ_IN_ORDER)
        while rows := cursor.fetchmany(CHUNK_ROWS):
            yield from rows
