"""Holiday cover: what an absent person may view, given to somebody else for the time, in one step.

Made of ordinary grants with a start and an end, so that it ends by itself and is judged like any
other: nothing is copied that the giver could not give.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from helio.accounts import roles
from helio.accounts.models import User
from portfolios import access
from portfolios.models import PortfolioGroupGrant, PortfolioUserGrant
from portfolios.reviews import in_force


@dataclass(frozen=True, slots=True)
class Plan:
    """What cover would give, and what it leaves out for a reason."""

    given: tuple[access.Named, ...]
    held_already: tuple[access.Named, ...]


def plan(*, absent: User, cover: User, until: dt.datetime) -> Plan:
    """The portfolios of the absent person that the person who asks may give to the other.

    ``held_already`` are those that the other may view until then anyway.
    """
    giveable = {one.id: one for one in access.directory()}
    wanted = _held(absent) & giveable.keys()
    lasting = _held(cover, until) & wanted
    return Plan(
        given=tuple(one for id_, one in giveable.items() if id_ in wanted - lasting),
        held_already=tuple(one for id_, one in giveable.items() if id_ in lasting),
    )


@transaction.atomic
def give(
    *,
    absent: User,
    cover: User,
    since: dt.datetime | None,
    until: dt.datetime,
    reason: str,
    by: User,
) -> int:
    """Number of portfolios that ``cover`` may view from ``since`` (None: now) to ``until``."""
    planned = plan(absent=absent, cover=cover, until=until)
    made = access.give(
        to=cover,
        portfolio_ids=[one.id for one in planned.given],
        codename=access.VIEW,
        since=since,
        until=until,
        reason=reason or f"Cover for {absent.username}",
        by=by,
        covers=absent,
    )
    return len(made)


def candidates(person: User) -> list[User]:
    """People whose cover this person could give, or who could cover: everybody active but them."""
    people = User.objects.filter(is_active=True, is_superuser=False).exclude(pk=person.pk)
    if not person.has_role(roles.ADMINISTRATOR):
        people = people.exclude(groups__name=roles.ADMINISTRATOR)
    return list(people.order_by("username"))


def _held(person: User, until: dt.datetime | None = None) -> set[int]:
    """Portfolios that grants open to the person now; with ``until``, those that last so long."""
    personal = in_force(PortfolioUserGrant).filter(user=person)
    shared = in_force(PortfolioGroupGrant).filter(group__in=person.groups.all())
    if until is not None:
        lasts = Q(valid_until=None) | Q(valid_until__gte=until)
        personal, shared = personal.filter(lasts), shared.filter(lasts)
    return {grant.content_object_id for kind in (personal, shared) for grant in kind}
