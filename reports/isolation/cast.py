"""The people of a proof: every role, random teams, random grants, some not begun and some over."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Final

import psycopg
from django.contrib.auth.hashers import make_password

from helio.accounts import roles
from helio.accounts.models import User
from helio.accounts.set_up import set_up_role
from helio.testing import databases
from reports.isolation.access import Access, Moment, later, sooner

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

GRANT: Final = """
INSERT INTO {table} ({column}, content_object_id, permission_id, valid_from, valid_until, reason)
SELECT %s, %s, id, to_timestamp(%s), to_timestamp(%s), 'proof'
  FROM auth_permission WHERE codename = %s
RETURNING id
"""


@dataclass(frozen=True, slots=True)
class Member:
    """One person of the cast."""

    id: int
    username: str
    role: str


@dataclass
class Cast:
    """The people, their teams and what was granted, with the books of it."""

    members: Sequence[Member]
    teams: dict[int, set[int]]
    portfolios: Sequence[int]
    access: Access = field(default_factory=Access)
    # Grants to teams: id of the grant, with the portfolio, since and until when.
    to_teams: dict[int, list[tuple[int, int, Moment, Moment]]] = field(default_factory=dict)
    open_grants: list[tuple[str, int]] = field(default_factory=list)
    lasting: set[tuple[str, int, int, str]] = field(default_factory=set)


def enrol(
    superuser: psycopg.Connection, people: int, portfolios: Sequence[int], rng: Random
) -> Cast:
    """A cast of so many people on this database, to which Django is connected."""
    members = _people(people, f"reader-{rng.getrandbits(32):08x}")
    cast = Cast(members, _teams(superuser, rng, members), portfolios)
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
    begins, ends = _dates(rng, soon)
    table = "portfolio_group_grant" if to_team else "portfolio_user_grant"
    key = (table, holder, portfolio, codename)
    if ends is None:
        if key in cast.lasting:
            return
        cast.lasting.add(key)
    earliest = time.time()
    row = superuser.execute(
        GRANT.format(table=table, column="group_id" if to_team else "user_id"),
        [holder, portfolio, begins, ends, codename],
    ).fetchone()
    if row is None:
        raise LookupError(f"There is no permission {codename}.")
    begin = later(Moment.at(begins), Moment(earliest, time.time()))
    end = Moment.at(float("inf") if ends is None else ends)
    grant = (table, row[0])
    cast.open_grants.append(grant)
    if to_team:
        cast.to_teams.setdefault(holder, []).append((row[0], portfolio, begin, end))
        for person in cast.teams[holder]:
            _open_through_team(cast, person, holder, (row[0], portfolio, begin, end))
    else:
        cast.access.open(holder, [portfolio], [grant, ("person", holder)], begins=begin, ends=end)


def end(superuser: psycopg.Connection, cast: Cast, rng: Random) -> None:
    """One grant ends now."""
    if not cast.open_grants:
        return
    table, grant = cast.open_grants.pop(rng.randrange(len(cast.open_grants)))
    earliest = time.time()
    superuser.execute(
        f"UPDATE {table} SET valid_until = clock_timestamp()"
        " WHERE id = %s AND valid_from < clock_timestamp()"
        "   AND (valid_until IS NULL OR valid_until > clock_timestamp()) RETURNING id",
        [grant],
    )
    ended = Moment(earliest, time.time())
    cast.access.close((table, grant), ended)
    for grants in cast.to_teams.values():
        grants[:] = [
            (one, portfolio, begins, sooner(ends, ended) if one == grant else ends)
            for one, portfolio, begins, ends in grants
        ]


def join(superuser: psycopg.Connection, cast: Cast, rng: Random) -> None:
    """Somebody joins a team, and sees what it was granted."""
    team, person = rng.choice(list(cast.teams)), rng.choice(cast.members).id
    if person in cast.teams[team]:
        return
    cast.teams[team].add(person)
    earliest = time.time()
    _put_into(superuser, person, team)
    since = Moment(earliest, time.time())
    for grant in cast.to_teams.get(team, ()):
        _open_through_team(cast, person, team, grant, since)


def leave(superuser: psycopg.Connection, cast: Cast, rng: Random) -> None:
    """Somebody leaves a team."""
    team = rng.choice(list(cast.teams))
    if not cast.teams[team]:
        return
    person = rng.choice(sorted(cast.teams[team]))
    cast.teams[team].remove(person)
    earliest = time.time()
    superuser.execute(
        "DELETE FROM person_groups WHERE user_id = %s AND group_id = %s", [person, team]
    )
    cast.access.close(("member", person, team), Moment(earliest, time.time()))


def _open_through_team(
    cast: Cast,
    person: int,
    team: int,
    grant: tuple[int, int, Moment, Moment],
    since: Moment | None = None,
) -> None:
    number, portfolio, begins, ends = grant
    cast.access.open(
        person,
        [portfolio],
        [("portfolio_group_grant", number), ("member", person, team), ("person", person)],
        begins=later(begins, since) if since else begins,
        ends=ends,
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
    person = User.objects.create(username=username, password=password, is_staff=staff)
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
