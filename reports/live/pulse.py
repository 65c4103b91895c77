"""What changed for the people whose pages are open, asked of the database once a second."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection

ASK = "SELECT kind, key, mark FROM security.pulse(%s, %s)"


@dataclass(frozen=True)
class Pulse:
    """The newest version, a mark of each active person's access, and the sessions that live."""

    version: int
    marks: dict[int, str]
    sessions: frozenset[str]


def take_pulse(person_ids: Iterable[int], session_keys: Iterable[str]) -> Pulse:
    """The pulse for these people and sessions; a closed account or ended session is missing."""
    with connection.cursor() as cursor:
        cursor.execute(ASK, [list(person_ids), list(session_keys)])
        rows = cursor.fetchall()
    by_kind: dict[str, dict[str, str]] = {"version": {}, "person": {}, "session": {}}
    for kind, key, mark in rows:
        by_kind[kind][key] = mark
    return Pulse(
        version=int(by_kind["version"][""]),
        marks={int(key): mark for key, mark in by_kind["person"].items()},
        sessions=frozenset(by_kind["session"]),
    )
