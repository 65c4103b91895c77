"""Who has access to what, out of the grants that the person who asks may read."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db.models import Q
from django.utils import timezone

from portfolios.access import directory
from portfolios.models import Portfolio, PortfolioGroupGrant, PortfolioUserGrant

_RIGHTS = {"view_portfolio": "view", "manage_portfolio": "manage"}


@dataclass(frozen=True, slots=True)
class Access:
    """One person's or team's right on one portfolio."""

    code: str
    name: str
    holder: str
    right: str
    since: datetime
    until: datetime | None
    granted_by: str
    reason: str


def accesses() -> list[Access]:
    """Every grant in force, by portfolio and holder."""
    names = _portfolio_names()
    personal = [
        _access(grant, grant.user.username, names)
        for grant in _in_force(PortfolioUserGrant, "user")
    ]
    teams = [
        _access(grant, f"{grant.group.name} (team)", names)
        for grant in _in_force(PortfolioGroupGrant, "group")
    ]
    return sorted(personal + teams, key=lambda one: (one.code, one.right, one.holder))


@dataclass(frozen=True, slots=True)
class Held:
    """One portfolio with the people who have it, and the access that ends first."""

    code: str
    name: str
    managers: list[str]
    viewers: list[str]
    next_end: Access | None


def people_by_portfolio() -> list[Held]:
    """Each portfolio whose grants the person may read, with the people beside it."""
    return [
        _held(code, name, list(rows))
        for (code, name), rows in groupby(accesses(), key=lambda one: (one.code, one.name))
    ]


def _held(code: str, name: str, rows: list[Access]) -> Held:
    ending = [row for row in rows if row.until is not None]
    return Held(
        code=code,
        name=name,
        managers=[row.holder for row in rows if row.right == "manage"],
        viewers=[row.holder for row in rows if row.right == "view"],
        next_end=min(ending, key=lambda row: row.until, default=None),  # type: ignore[arg-type,return-value]
    )


def _in_force(model: Any, holder: str) -> Any:
    now = timezone.now()
    return model.objects.filter(
        Q(valid_until=None) | Q(valid_until__gt=now), valid_from__lte=now
    ).select_related(holder, "permission", "granted_by")


def _portfolio_names() -> dict[int, tuple[str, str]]:
    """Code and name by id: what the person sees, and what they may give without seeing it."""
    known = {one.id: (one.code, one.name) for one in directory()}
    return known | {one.pk: (one.code, one.name) for one in Portfolio.objects.all()}


def _access(grant: Any, holder: str, names: dict[int, tuple[str, str]]) -> Access:
    code, name = names[grant.content_object_id]
    return Access(
        code=code,
        name=name,
        holder=holder,
        right=_RIGHTS[grant.permission.codename],
        since=grant.valid_from,
        until=grant.valid_until,
        granted_by=grant.granted_by.username if grant.granted_by else "first set-up",
        reason=grant.reason,
    )
