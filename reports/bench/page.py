"""Server time of an analyst's dashboard, floor: its own queries and nothing around them."""

from collections.abc import Iterator
from typing import Any, Final

from django.db import connection
from django.test import Client

from helio.accounts.models import User
from helio.bench.line import Line
from helio.bench.place import Place
from helio.bench.timing import in_turns, percentile
from helio.rls.identity import acting_as
from helio.rls.middleware import one_state

ROUNDS: Final = 60
PAGES: Final = {"dashboard": "/", "portfolios": "/portfolios/"}


def measure(place: Place) -> Iterator[Line]:
    """p50 and p95 of pages for the person whom portfolios.bench.reads made."""
    person = User.objects.get(username="bench")
    client = Client()
    client.force_login(person)
    for name, address in PAGES.items():
        yield from _measured(name, address, client, person)


def _measured(name: str, address: str, client: Client, person: User) -> Iterator[Line]:
    sent: list[tuple] = []

    def note(execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
        sent.append((sql, parameters))
        return execute(sql, parameters, many, context)

    def read() -> None:
        response = client.get(address)
        if response.status_code != 200:
            raise RuntimeError(f"{address} answered {response.status_code}.")

    with connection.execute_wrapper(note):
        read()
    queries = [one for one in sent if one[0].startswith(("SELECT", "WITH"))]

    def bare() -> None:
        with one_state(), acting_as(person), connection.cursor() as cursor:
            for sql, parameters in queries:
                if "set_config" not in sql:
                    cursor.execute(sql, parameters)
                    cursor.fetchall()

    mine, floor = in_turns([read, bare], ROUNDS)
    for share in (0.50, 0.95):
        yield Line(
            f"page.{name}.p{round(share * 100)}",
            percentile(mine, share),
            "ms",
            percentile(floor, share),
            f"GET {address}, {len(queries)} queries",
        )
