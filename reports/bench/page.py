"""Server time of pages, floor: their own queries and nothing around them.

A dashboard is measured twice: rendered anew, and with its fragments kept by an earlier look.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.db import connection
from django.test import Client
from redis import Redis

from helio.accounts.models import User
from helio.accounts.set_up import add_person, set_up_role
from helio.bench.line import Line
from helio.bench.place import Place
from helio.bench.timing import in_turns, percentile
from helio.rls.identity import ENTER, acting_as
from helio.rls.middleware import one_state
from helio.testing import databases
from portfolios.bench import reads
from reports.fragments.store import PREFIX

ROUNDS: Final = 60
EXECUTIVE: Final = "bench-executive"


@dataclass(frozen=True)
class Look:
    """A page, who looks at it, and whether its fragments were kept from an earlier look."""

    name: str
    address: str
    executive: bool
    kept: bool


LOOKS: Final = (
    Look("dashboard", "/", executive=False, kept=False),
    Look("dashboard.kept", "/", executive=False, kept=True),
    Look("portfolios", "/portfolios/", executive=False, kept=False),
    Look("firm", "/firm/", executive=True, kept=False),
    Look("firm.kept", "/firm/", executive=True, kept=True),
)


def measure(place: Place) -> Iterator[Line]:
    """p50 and p95 of pages for the reader of portfolios.bench.reads, and an executive."""
    reader = reads.reader(place)
    with databases.django_connected_to(role="migrate"), set_up_role():
        executive = add_person(username=EXECUTIVE, password="bench-only", role="executive")
    for look in LOOKS:
        yield from _measured(look, executive if look.executive else reader)


def _measured(look: Look, person: User) -> Iterator[Line]:
    client = Client()
    client.force_login(person)

    def read() -> None:
        if not look.kept:
            _forget()
        response = client.get(look.address)
        if response.status_code != 200:
            raise RuntimeError(f"{look.address} answered {response.status_code}.")

    read()
    queries = _sent(read)

    def bare() -> None:
        with one_state(), acting_as(person), connection.cursor() as cursor:
            for sql, parameters in queries:
                cursor.execute(sql, parameters)
                cursor.fetchall()

    mine, floor = in_turns([read, bare], ROUNDS)
    for share in (0.50, 0.95):
        yield Line(
            f"page.{look.name}.p{round(share * 100)}",
            percentile(mine, share),
            "ms",
            percentile(floor, share),
            f"GET {look.address}, {len(queries)} queries",
        )


def _forget() -> None:
    """Drop every fragment: the page is one that nobody of the audience looked at yet."""
    with Redis.from_url(settings.REDIS_URL) as client:
        for key in client.scan_iter(match=f"{PREFIX}*", count=1000):
            client.delete(key)


def _sent(read: Callable[[], None]) -> list[tuple[str, Any]]:
    """The statements that a page sends; the identity's own are not among them."""
    sent: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
        sent.append((sql, parameters))
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(note):
        read()
    return [one for one in sent if one[0] != ENTER]
