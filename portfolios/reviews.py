"""Recertification: grants that somebody has to look at again, and what was said of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import F, Max, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from helio.accounts import roles
from helio.accounts.models import User
from portfolios import access
from portfolios.access import AnyGrant
from portfolios.models import GrantReview, Portfolio, PortfolioGroupGrant, PortfolioUserGrant

# A grant that is due is overdue this long after.
GRACE: Final = dt.timedelta(days=14)
_HOLDER: Final = {PortfolioUserGrant: "user", PortfolioGroupGrant: "group"}
_NAME: Final = {PortfolioUserGrant: "user__username", PortfolioGroupGrant: "group__name"}
# To count alone.
NONE: Final = slice(0, 0)


@dataclass(frozen=True, slots=True)
class Due:
    """A grant in force that nobody looked at for too long."""

    grant: AnyGrant
    portfolio: str
    holder: str
    right: str
    looked_at: dt.datetime
    due_at: dt.datetime
    reviewers: tuple[str, ...]

    @property
    def key(self) -> str:
        """What a form calls the grant: its kind and number."""
        return f"{_HOLDER[type(self.grant)]}-{self.grant.pk}"

    @property
    def is_overdue(self) -> bool:
        """True when the days of grace are over too."""
        return timezone.now() > self.due_at + GRACE


@dataclass(frozen=True, slots=True)
class Waiting:
    """Some of the grants to look at again, the oldest first, and how many there are in all."""

    grants: list[Due]
    total: int
    overdue: int


def due(window: slice) -> Waiting:
    """Grants to look at again, of those whose grants the person who asks may read.

    Looked at means given or reviewed: HELIO_ACCESS_REVIEW_DAYS later it is due.
    """
    return _waiting([_late(model) for model in _HOLDER], window)


def mine(person: User, window: slice) -> Waiting:
    """Those of the due grants that this person may confirm or end: see the policies."""
    return _waiting(_answered_by(person), window)


def chosen(person: User, keys: Collection[str]) -> list[AnyGrant]:
    """The grants among ``mine`` that a form calls so."""
    return [
        grant
        for late in _answered_by(person)
        for grant in late.filter(pk__in=_numbers(keys, _HOLDER[late.model]))
    ]


@transaction.atomic
def confirm(*, grants: Collection[AnyGrant], by: User) -> int:
    """Number of grants said to be still needed; the database refuses others' to say."""
    _note(grants, GrantReview.CONFIRMED, by)
    return len(grants)


@transaction.atomic
def end(*, grants: Collection[AnyGrant], by: User) -> int:
    """Number of grants ended because nobody needs them any more."""
    _note(grants, GrantReview.ENDED, by)
    return access.end(grants=grants, reason="Not needed any more (review)")


def _answered_by(person: User) -> list[QuerySet[Any]]:
    own = {
        PortfolioUserGrant: Q(user=person),
        PortfolioGroupGrant: Q(group__in=person.groups.values("pk")),
    }
    found = [_late(model).exclude(own[model]) for model in _HOLDER]
    if person.has_role(roles.ADMINISTRATOR):
        return found
    return [late.filter(permission__codename=access.VIEW) for late in found]


def _late(model: Any) -> QuerySet[Any]:
    return (
        in_force(model)
        .annotate(looked_at=Coalesce(Max("reviews__reviewed_at"), F("valid_from")))
        .filter(looked_at__lt=timezone.now() - _period())
        .order_by("looked_at", "content_object_id", _NAME[model], "pk")
    )


def _waiting(late: list[QuerySet[Any]], window: slice) -> Waiting:
    """Of each kind no more is read than the page could show."""
    overdue = timezone.now() - _period() - GRACE
    oldest = sorted(
        (grant for one in late for grant in one[: window.stop]),
        key=lambda grant: (grant.looked_at, grant.content_object_id, _holder(grant)),
    )
    names = _names({grant.content_object_id for grant in oldest[window]})
    managers = _managers()
    return Waiting(
        grants=[_due(grant, names, managers) for grant in oldest[window]],
        total=sum(one.count() for one in late),
        overdue=sum(one.filter(looked_at__lt=overdue).count() for one in late),
    )


def _names(ids: Collection[int]) -> dict[int, str]:
    """Of portfolios that the person sees, and of those that somebody who gives access may name."""
    seen = Portfolio.objects.filter(pk__in=ids).values_list("pk", "code", "name")
    named = {one.id: str(one) for one in access.directory()}
    return named | {pk: f"{code} {name}" for pk, code, name in seen}


def _numbers(keys: Collection[str], kind: str) -> list[int]:
    """Numbers of that kind of grant; a key that nobody wrote names none."""
    parts = (key.partition("-") for key in keys)
    return [int(number) for of, _, number in parts if of == kind and number.isdecimal()]


def _holder(grant: AnyGrant) -> str:
    return grant.user.username if isinstance(grant, PortfolioUserGrant) else grant.group.name


def in_force(model: Any) -> QuerySet[Any]:
    """Grants of that kind that hold now, with what their rows name."""
    now = timezone.now()
    return model.objects.filter(
        Q(valid_until=None) | Q(valid_until__gt=now), valid_from__lte=now
    ).select_related(_HOLDER[model], "permission", "granted_by")


def _note(grants: Iterable[AnyGrant], outcome: str, by: User) -> None:
    GrantReview.objects.bulk_create(
        GrantReview(**{f"{_HOLDER[type(grant)]}_grant": grant}, outcome=outcome, reviewed_by=by)
        for grant in grants
    )


def _due(grant: AnyGrant, names: dict[int, str], managers: dict[int, set[str]]) -> Due:
    right = grant.permission.codename.removesuffix("_portfolio")
    looked_at: dt.datetime = grant.looked_at  # type: ignore[union-attr]  # annotated
    holder = _holder(grant)
    portfolio_id: int = grant.content_object_id
    reviewers = managers.get(portfolio_id, set()) - {holder} if right == "view" else set()
    return Due(
        grant=grant,
        portfolio=names.get(portfolio_id, f"portfolio {portfolio_id}"),
        holder=holder,
        right=right,
        looked_at=looked_at,
        due_at=looked_at + _period(),
        reviewers=tuple(sorted(reviewers)) or ("administrators",),
    )


def _managers() -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for grant in in_force(PortfolioUserGrant).filter(permission__codename=access.MANAGE):
        found.setdefault(grant.content_object_id, set()).add(grant.user.username)
    return found


def _period() -> dt.timedelta:
    return dt.timedelta(days=settings.HELIO_ACCESS_REVIEW_DAYS)
