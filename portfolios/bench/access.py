"""What knowing who asks costs: the identity of a request, perimeters of any size, who sees what;
in a firm of 5,000 people and 50,000 grants.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, Final

import psycopg
from django.contrib.auth.models import Permission
from django.utils import timezone
from psycopg import IsolationLevel

from helio.accounts.models import User
from helio.accounts.set_up import add_person, set_up_role
from helio.bench.line import Line
from helio.bench.place import Place
from helio.bench.timing import in_turns, percentile
from helio.rls.identity import acting_as
from helio.rls.middleware import one_state
from helio.testing import databases
from portfolios import effective
from portfolios.bench import arrivals, reads
from portfolios.models import Portfolio, PortfolioUserGrant

PEOPLE: Final = 5_000
GRANTS: Final = 50_000
PERIMETERS: Final = (10, 100, 500)
ROUNDS: Final = 100
LOOKS: Final = 10
SHOWN: Final = slice(0, 100)
ALL: Final = "SELECT * FROM portfolio_user_grant ORDER BY content_object_id, user_id"
GRANTED: Final = f"{ALL} LIMIT 100"
ONE: Final = "crowd-7"
FIRM: Final = f"{PEOPLE:,} people, {GRANTS:,} grants"


def measure(place: Place) -> Iterator[Line]:
    """Lines of a request's overhead, and of tiles and table at 10, 100 and 500 portfolios."""
    arrivals.firm_there(place)
    _crowd()
    with place.connect("superuser") as owner:
        owner.execute("ANALYZE person, portfolio_user_grant")
        people = {size: _reader(size) for size in PERIMETERS}
        reads.sign_in(place, *people.values())
        for size, person in people.items():
            yield from _overhead(place, person, size)
        for size, person in people.items():
            yield from _reads(place, owner, person, size)
        yield from _who_sees_what(owner)


def _crowd() -> None:
    """Everybody has ten portfolios of their own; a third of the grants has ended."""
    now = timezone.now()
    since, ended = now - timedelta(days=2), now - timedelta(days=1)
    each = GRANTS // PEOPLE
    with databases.django_connected_to(role="migrate"), set_up_role():
        people = User.objects.bulk_create(User(username=f"crowd-{n}") for n in range(PEOPLE))
        portfolios = list(Portfolio.objects.order_by("code"))
        permission = Permission.objects.get(codename="view_portfolio")
        PortfolioUserGrant.objects.bulk_create(
            PortfolioUserGrant(
                user=person,
                content_object=portfolios[(at * 37 + n * 53) % len(portfolios)],
                permission=permission,
                reason="bench",
                valid_from=since,
                valid_until=ended if n % 3 == 0 else None,
            )
            for at, person in enumerate(people)
            for n in range(each)
        )


def _reader(size: int) -> User:
    """Somebody who sees so many portfolios."""
    with databases.django_connected_to(role="migrate"), set_up_role():
        person = add_person(username=f"sees-{size}", password="bench-only", role="analyst")
        permission = Permission.objects.get(codename="view_portfolio")
        PortfolioUserGrant.objects.bulk_create(
            PortfolioUserGrant(
                user=person, content_object=portfolio, permission=permission, reason="bench"
            )
            for portfolio in Portfolio.objects.order_by("code")[:size]
        )
    return person


def _overhead(place: Place, person: User, size: int) -> Iterator[Line]:
    """What a transaction under an identity takes; floor: the same without."""
    with place.connect("web") as web:
        web.isolation_level = IsolationLevel.REPEATABLE_READ

        def identified() -> None:
            with web.transaction():
                reads.identify(web, person)
                web.execute("SELECT 1").fetchall()

        def bare() -> None:
            with web.transaction():
                web.execute("SELECT 1").fetchall()

        mine, floor = in_turns([identified, bare], ROUNDS)
    for share in (0.50, 0.95):
        value, least = percentile(mine, share), percentile(floor, share)
        name = f"access.request_{size}.p{round(share * 100)}"
        work = f"a transaction under an identity of {size} portfolios, {FIRM}"
        yield Line(name, value, "ms", least, work)
        yield Line(f"{name}.overhead", value - least, "ms", None, f"of it for the identity; {work}")


def _reads(place: Place, owner: psycopg.Connection, person: User, size: int) -> Iterator[Line]:
    owner.execute("DROP SCHEMA IF EXISTS bench_floor CASCADE")
    reads.make_floor(owner, reads.perimeter(person))
    listing, day = reads.traded_listing(place), reads.as_of(person)
    asked = reads.dashboard(day, listing)
    with place.connect("web") as web:
        for name in ("tiles", "portfolio_table", "positions"):
            sent = reads.recorded(person, asked[name])
            work = f"{size} of 500 portfolios, {FIRM}"
            yield from reads.measured(
                f"access.{name}_{size}", sent, reads.replay, person, web, owner, work
            )


def _who_sees_what(owner: psycopg.Connection) -> Iterator[Line]:
    """A page and the file, of everybody and of one person; floor: as many rows of grants."""
    with databases.django_connected_to(role="migrate"), set_up_role():
        auditor = add_person(username="sees-who", password="bench-only", role="auditor")

    def page(person: str) -> effective.Shown:
        now = timezone.now()
        with one_state(), acting_as(auditor):
            return effective.page_of_day(now.date(), now, person=person, window=SHOWN)

    def file(person: str) -> list[effective.Span]:
        now = timezone.now()
        with one_state(), acting_as(auditor):
            return effective.of_day(now.date(), now, person=person)

    works: dict[str, Callable[[], Any]] = {
        "who_everybody": lambda: page(""),
        "who_one_person": lambda: page(ONE),
        "file_everybody": lambda: file(""),
        "file_one_person": lambda: file(ONE),
    }
    floors = (lambda: owner.execute(GRANTED).fetchall(), lambda: owner.execute(ALL).fetchall())
    *samples, page_floor, file_floor = in_turns([*works.values(), *floors], LOOKS)
    for name, took in zip(works, samples, strict=True):
        is_page = name.startswith("who")
        work = f"{'the first page' if is_page else 'the file'} of who sees what, {FIRM}"
        least = percentile(page_floor if is_page else file_floor, 0.50)
        yield Line(f"access.{name}.p50", percentile(took, 0.50), "ms", least, work)
