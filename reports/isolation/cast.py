"""The people of a proof: every role, random teams, random grants, some not begun and some over."""

import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import count
from random import Random
from typing import Final

import psycopg
from django.contrib.auth.hashers import make_password

from helio.accounts import roles
from helio.accounts.models import User
from helio.accounts.set_up import set_up_role
from helio.testing import databases
from reports.isolation.access import Access, Moment, happening

PASSWORD: Final = "read what is yours and nothing else"
# Most people of a firm are analysts; there are enough of the other roles to meet each often.
# The first six are one of each.
ROLES: Final = (
    *(roles.ANALYST, roles.MANAGER, roles.EXECUTIVE),
    *(roles.AUDITOR, roles.OPERATIONS, roles.ADMINISTRATOR),
    *(roles.ANALYST,) * 9,
    *(roles.MANAGER,) * 2,
)
CODENAMES: Final = ("view_portfolio", "view_portfolio", "view_portfolio", "manage_portfolio")
TEAMS: Final = 4
HOUR: Final = 3600.0

GRANTS: Final = "portfolio_user_grant"
TEAM_GRANTS: Final = "portfolio_group_grant"
GRANT: Final = """
INSERT INTO {table}
       (id, {column}, content_object_id, permission_id, valid_from, valid_until, reason)
SELECT %s, %s, %s, id, to_timestamp(%s), to_timestamp(%s), 'proof'
  FROM auth_permission WHERE codename = %s
"""

NEWEST_GRANT: Final = """
SELECT greatest((SELECT coalesce(max(id), 0) FROM portfolio_user_grant),
                (SELECT coalesce(max(id), 0) FROM portfolio_group_grant))
"""


@dataclass(frozen=True, slots=True)
class Member:
    """One person of the cast."""

    id: int
    username: str
    role: str


@dataclass(frozen=True, slots=True)
class TeamGrant:
    """What a team was granted: number, portfolio, and from when to when."""

    id: int
    portfolio: int
    begins: tuple[Moment, ...]
    ends: tuple[Moment, ...]


@dataclass
class Cast:
    """The people, their teams and what was granted, with the books of it."""

    members: Sequence[Member]
    teams: dict[int, set[int]]
    portfolios: Sequence[int]
    # Ids of grants to come, so that a grant is in the books before it is in the database.
    numbers: Iterator[int]
    access: Access = field(default_factory=Access)
    to_teams: dict[int, list[TeamGrant]] = field(default_factory=lambda: defaultdict(list))
    # Table, number, and when it begins.
    open_grants: list[tuple[str, int, float]] = field(default_factory=list)
    lasting: set[tuple[str, int, int, str]] = field(default_factory=set)


def enrol(
    superuser: psycopg.Connection, people: int, portfolios: Sequence[int], rng: Random
) -> Cast:
    """A cast of so many people on this database, to which Django is connected."""
    members = _people(people, f"reader-{rng.getrandbits(32):08x}")
    cast = Cast(members, _teams(superuser, rng, members), portfolios, _numbers(superuser))
    for member in members:
        if member.role == roles.AUDITOR:
            cast.access.open(member.id, portfolios, [("role", member.id)])
    for _ in range(people * 3):
        give(superuser, cast, rng)
    return cast


def give(superuser: psycopg.Connection, cast: Cast, rng: Random, *, soon: bool = False) -> None:
    """One more grant, to a person or a team; it may begin later, and end by the clock or never.

    ``soon``: its dates lie within seconds, so that the clock alone changes what is seen.
    """
    to_team = rng.random() < 0.15
    holder = rng.choice(list(cast.teams)) if to_team else rng.choice(cast.members).id
    portfolio, codename = rng.choice(cast.portfolios), rng.choice(CODENAMES)
    starts, stops = _dates(rng, soon)
    table, column = (TEAM_GRANTS, "group_id") if to_team else (GRANTS, "user_id")
    key = (table, holder, portfolio, codename)
    if stops is None:
        if key in cast.lasting:
            return
        cast.lasting.add(key)
    number = next(cast.numbers)
    ends = () if stops is None else (Moment.at(stops),)
    with happening() as given:
        begins = (given, Moment.at(starts))
        if to_team:
            grant = TeamGrant(number, portfolio, begins, ends)
            cast.to_teams[holder].append(grant)
            for person in cast.teams[holder]:
                _open_through_team(cast, person, holder, grant)
        else:
            cast.access.open(holder, [portfolio], [(table, number)], begins=begins, ends=ends)
        superuser.execute(
            GRANT.format(table=table, column=column),
            [number, holder, portfolio, starts, stops, codename],
        )
    cast.open_grants.append((table, number, starts))


def end(superuser: psycopg.Connection, cast: Cast, rng: Random) -> None:
    """One grant that has begun ends now."""
    begun = [one for one in cast.open_grants if one[2] < time.time()]
    if not begun:
        return
    ending = rng.choice(begun)
    cast.open_grants.remove(ending)
    table, number, _ = ending
    with happening() as ended:
        cast.access.close((table, number), ended)
        for grants in cast.to_teams.values() if table == TEAM_GRANTS else ():
            grants[:] = [
                replace(one, ends=(*one.ends, ended)) if one.id == number else one for one in grants
            ]
        superuser.execute(
            f"UPDATE {table} SET valid_until = clock_timestamp()"
            " WHERE id = %s AND (valid_until IS NULL OR valid_until > clock_timestamp())",
            [number],
        )


def join(superuser: psycopg.Connection, cast: Cast, rng: Random) -> None:
    """Somebody joins a team, and sees what it was granted."""
    team, person = rng.choice(list(cast.teams)), rng.choice(cast.members).id
    if person in cast.teams[team]:
        return
    cast.teams[team].add(person)
    with happening() as joined:
        for grant in cast.to_teams[team]:
            _open_through_team(cast, person, team, grant, joined)
        _put_into(superuser, person, team)


def leave(superuser: psycopg.Connection, cast: Cast, rng: Random) -> None:
    """Somebody leaves a team."""
    team = rng.choice(list(cast.teams))
    if not cast.teams[team]:
        return
    person = rng.choice(sorted(cast.teams[team]))
    cast.teams[team].remove(person)
    with happening() as left:
        cast.access.close(("member", person, team), left)
        superuser.execute(
            "DELETE FROM person_groups WHERE user_id = %s AND group_id = %s", [person, team]
        )


def _numbers(superuser: psycopg.Connection) -> Iterator[int]:
    """Ids that no grant has, far from those that the database gives out itself."""
    row = superuser.execute(NEWEST_GRANT).fetchone()
    return count((row[0] if row else 0) + 1_000_000)


def _open_through_team(
    cast: Cast, person: int, team: int, grant: TeamGrant, *joined: Moment
) -> None:
    cast.access.open(
        person,
        [grant.portfolio],
        [(TEAM_GRANTS, grant.id), ("member", person, team)],
        begins=(*grant.begins, *joined),
        ends=grant.ends,
    )


def _dates(rng: Random, soon: bool) -> tuple[float, float | None]:
    now = time.time()
    if soon:
        begins = now + rng.uniform(-1, 2)
        return begins, begins + rng.uniform(0.5, 5)
    return rng.choice(
        [
            (now - HOUR, None),
            (now - HOUR, None),
            (now - HOUR, None),
            (now - HOUR, now + 24 * HOUR),
            (now - 48 * HOUR, now - HOUR),
            (now + 24 * HOUR, now + 48 * HOUR),
        ]
    )


def _people(count: int, prefix: str) -> list[Member]:
    password = make_password(PASSWORD)
    with databases.django_connected_to(role="migrate"), set_up_role():
        return [
            _person(f"{prefix}-{number}", password, ROLES[number % len(ROLES)])
            for number in range(count)
        ]


def _person(username: str, password: str, role: str) -> Member:
    staff = role in (roles.MANAGER, roles.ADMINISTRATOR)
    person = User(username=username, is_staff=staff)
    person.password = password
    person.save()
    return Member(person.pk, username, role)


def _teams(
    superuser: psycopg.Connection, rng: Random, members: Sequence[Member]
) -> dict[int, set[int]]:
    groups: dict[str, int] = dict(superuser.execute("SELECT name, id FROM auth_group").fetchall())
    for member in members:
        _put_into(superuser, member.id, groups[member.role])
    teams: dict[int, set[int]] = {}
    for number in range(TEAMS):
        row = superuser.execute(
            "INSERT INTO auth_group (name) VALUES (%s) RETURNING id",
            [f"{members[0].username} team {number}"],
        ).fetchone()
        if row is None:
            raise LookupError("A team was not made.")
        teams[row[0]] = {one.id for one in rng.sample(members, max(1, len(members) // 6))}
        for person in teams[row[0]]:
            _put_into(superuser, person, row[0])
    return teams


def _put_into(superuser: psycopg.Connection, person: int, group: int) -> None:
    superuser.execute(
        "INSERT INTO person_groups (user_id, group_id) VALUES (%s, %s)", [person, group]
    )
