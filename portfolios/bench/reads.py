"""What row-level security costs a reader: each dashboard query against the same SQL without it,
and all of a dashboard's in one pipeline.

The queries are recorded from the product's own read functions, acting as a person with a perimeter
of ten portfolios, and replayed on two raw connections: as helio_web under that identity, and as the
owner on views that hold the same rows without any policy.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any, Final

import psycopg
from django.conf import settings
from django.contrib.auth.models import Permission
from django.db import connection
from psycopg import IsolationLevel
from psycopg.pq import Format

from helio.accounts.models import User
from helio.accounts.set_up import add_person, set_up_role
from helio.bench.line import Line
from helio.bench.place import Place
from helio.bench.timing import in_turns, percentile
from helio.rls.identity import ASK, ENTER, acting_as, sign
from helio.rls.middleware import one_state
from helio.testing import databases, unguarded
from portfolios.bench import arrivals
from portfolios.figures import queries
from portfolios.models import Listing, Portfolio, PortfolioUserGrant
from portfolios.refresh import refresh

ROUNDS: Final = 200
SLOWEST_ROUNDS: Final = 20
IN_PERIMETER: Final = 10
WORK: Final = f"{IN_PERIMETER} of 500 portfolios"
SECURED_TABLES: Final = ("portfolio", "transaction", "holding_state", "listing_activity")
TRADED: Final = """
SELECT listing.key FROM transaction JOIN listing ON listing.id = transaction.listing_id
 WHERE transaction.units IS NOT NULL
   AND transaction.portfolio_id = (SELECT id FROM portfolio ORDER BY code LIMIT 1)
 ORDER BY transaction.id LIMIT 1
"""
SECURED_SCHEMA: Final = re.compile(r"\bfigures\.")


@dataclass(frozen=True)
class Query:
    """One recorded statement with its parameters."""

    sql: str
    parameters: Any
    binary: bool = False

    def bare(self) -> "Query":
        """The same on the floor's views."""
        return replace(self, sql=SECURED_SCHEMA.sub("bench_floor.", self.sql))


Replay = Callable[[psycopg.Connection, list[Query]], None]


def measure(place: Place) -> Iterator[Line]:
    """p50 and p95 of each read of an analyst's dashboard, floor: the same SQL as the owner."""
    person = reader(place)
    day = as_of(person)
    with place.connect("superuser") as owner, place.connect("web") as web:
        make_floor(owner, perimeter(person))
        for name, read in dashboard(day, traded_listing(place)).items():
            sent = recorded(person, read)
            yield from measured(f"read.{name}", sent, replay, person, web, owner, WORK)
            if len(sent) > 1:
                slowest = _slowest(sent, person, web)
                yield from measured(
                    f"read.{name}.slowest", [slowest], replay, person, web, owner, WORK
                )
        together = recorded(person, lambda: _whole_dashboard(day))
        name = "read.dashboard.pipelined"
        yield from measured(name, together, _replay_together, person, web, owner, WORK)


def dashboard(as_of: date, traded: str) -> dict[str, Callable[[], Any]]:
    """The reads of an analyst's dashboard, by name; ``traded`` is the listing to drill down to."""
    code = Portfolio.objects.order_by("code").values_list("code", flat=True)
    return {
        "tiles": lambda: queries.tiles(as_of, "USD"),
        "portfolio_table": lambda: queries.portfolio_table(as_of, "USD"),
        "series": lambda: queries.aggregate_series(
            None, as_of.replace(month=1, day=1), as_of, "USD"
        ),
        "exposure": lambda: queries.exposure(as_of, "USD", "sector"),
        "positions": lambda: queries.positions(as_of, "USD"),
        "movers": lambda: queries.movers(as_of, "USD"),
        "drill_down": lambda: _drill_down(as_of, traded),
        "performance": lambda: queries.performance(Portfolio.objects.get(code=code[0]), as_of),
    }


def traded_listing(place: Place) -> str:
    """Key of a listing that the first portfolio has traded."""
    with place.connect("superuser") as owner:
        row = owner.execute(TRADED).fetchone()
    if row is None:
        raise LookupError("The first portfolio has traded nothing.")
    return str(row[0])


def _drill_down(as_of: date, traded: str) -> None:
    """What stands behind a position: the events of its listing."""
    portfolio = Portfolio.objects.order_by("code")[0]
    listing = Listing.objects.select_related("instrument").get(key=traded)
    queries.transactions(portfolio, date.min, as_of, listing=listing)


def _whole_dashboard(as_of: date) -> None:
    """Everything that an analyst's dashboard shows of figures."""
    start = as_of.replace(month=1, day=1)
    queries.read_book(as_of, "USD", None, chart_from=start, breakdown="sector")


def reader(place: Place) -> User:
    """An analyst of ten portfolios who uses Helio."""
    found = User.objects.filter(username="bench").first()
    if found:
        return found
    arrivals.firm_there(place)
    with databases.django_connected_to(role="migrate"), set_up_role():
        person = add_person(username="bench", password="bench-only", role="analyst")
        permission = Permission.objects.get(codename="view_portfolio")
        for portfolio in Portfolio.objects.order_by("code")[:IN_PERIMETER]:
            PortfolioUserGrant.objects.create(
                user=person, content_object=portfolio, permission=permission, reason="bench"
            )
    sign_in(place, person)
    return person


def sign_in(place: Place, *people: User) -> None:
    """Let people be seen to use Helio: a refresh keeps the sums of their perimeters."""
    with place.connect("superuser") as owner:
        ids = [person.pk for person in people]
        owner.execute("UPDATE person SET last_login = now() WHERE id = ANY (%s)", [ids])
    firm = arrivals.firm_there(place)
    with databases.django_connected_to(role="worker"):
        arrivals.tick(firm)
        refresh(cause="bench: people signed in")


def as_of(person: User) -> date:
    """The newest day that the person can read."""
    with one_state(), acting_as(person):
        return queries.resolve_as_of(None)


def perimeter(person: User) -> list[int]:
    """Ids of the portfolios that the person sees."""
    with one_state(), acting_as(person):
        return list(Portfolio.objects.values_list("id", flat=True))


def recorded(person: User, read: Callable[[], Any]) -> list[Query]:
    """The statements that ``read`` sends; the identity's own are not among them."""
    sent: list[Query] = []

    def note(execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
        binary = context["cursor"].cursor.format == Format.BINARY
        sent.append(Query(sql, parameters, binary))
        return execute(sql, parameters, many, context)

    with one_state(), acting_as(person), connection.execute_wrapper(note):
        read()
    return sent


def make_floor(owner: psycopg.Connection, perimeter: list[int]) -> None:
    """Views of the same names and rows as the secured ones, without policy or barrier."""
    inside = f"'{{{','.join(map(str, sorted(perimeter)))}}}'::integer[]"
    unguarded.make_views(owner, "bench_floor", inside)
    for name in SECURED_TABLES:
        key = "id" if name == "portfolio" else "portfolio_id"
        rows = f"SELECT * FROM public.{name} WHERE {key} = ANY ({inside})"
        owner.execute(f"CREATE VIEW bench_floor.{name} AS {rows}")
    owner.execute("SET search_path = bench_floor, public")


def measured(
    name: str,
    sent: list[Query],
    replay: Replay,
    person: User,
    web: psycopg.Connection,
    owner: psycopg.Connection,
    work: str,
) -> Iterator[Line]:
    """p50 and p95 of what was recorded; floor: the same rows read as the owner."""
    bare = [query.bare() for query in sent]

    def as_owner() -> None:
        with owner.transaction():
            replay(owner, bare)

    # As a page reads: one state from end to end.
    web.isolation_level = IsolationLevel.REPEATABLE_READ
    with web.transaction():
        identify(web, person)
        _refuse_another_work(name, answers(web, sent), answers(owner, bare))
        mine, floor = in_turns([lambda: replay(web, sent), as_owner], ROUNDS)
    for share in (0.50, 0.95):
        yield Line(
            f"{name}.p{round(share * 100)}",
            percentile(mine, share),
            "ms",
            percentile(floor, share),
            f"{len(sent)} queries, {work}",
        )


def replay(connection: psycopg.Connection, sent: list[Query]) -> None:
    """Send the statements again and take their rows."""
    answers(connection, sent)


def answers(connection: psycopg.Connection, sent: list[Query]) -> list[list[Any]]:
    """The rows of each statement, sent again."""
    cursors = [_asked(connection, query) for query in sent]
    return [cursor.fetchall() if cursor.description else [] for cursor in cursors]


def _asked(connection: psycopg.Connection, query: Query) -> psycopg.Cursor:
    return connection.execute(query.sql, query.parameters, binary=query.binary)


def _refuse_another_work(name: str, mine: list[list[Any]], floor: list[list[Any]]) -> None:
    """A floor that reads other rows would be a ratio of nothing."""
    if mine != floor or not any(mine):
        raise AssertionError(f"{name}: the web role and the owner did not read the same rows")


def _replay_together(connection: psycopg.Connection, sent: list[Query]) -> None:
    with connection.pipeline():
        cursors = [_asked(connection, query) for query in sent]
        for cursor in cursors:
            cursor.fetchall()


def _slowest(sent: list[Query], person: User, web: psycopg.Connection) -> Query:
    """The statement that takes longest of those that a read sends."""
    web.isolation_level = IsolationLevel.REPEATABLE_READ
    with web.transaction():
        identify(web, person)
        took = in_turns([partial(answers, web, [query]) for query in sent], SLOWEST_ROUNDS)
    return max(zip(sent, took, strict=True), key=lambda one: percentile(one[1], 0.5))[0]


def identify(web: psycopg.Connection, person: User) -> None:
    """Sign the transaction as the web process would."""
    pid, start = web.execute(ASK).fetchall()[0]
    web.execute(ENTER, [sign(person.pk, pid, start, settings.IDENTITY_KEY.encode())])
