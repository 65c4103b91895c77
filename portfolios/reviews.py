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
from portfolios.models import GrantReview, PortfolioGroupGrant, PortfolioUserGrant

# A grant that is due is overdue this long after.
GRACE: Final = dt.timedelta(days=14)
_HOLDER: Final = {PortfolioUserGrant: "user", PortfolioGroupGrant: "group"}


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


def due() -> list[Due]:
    """Grants to look at again, of those whose grants the person who asks may read; oldest first.

    Looked at means given or reviewed: HELIO_ACCESS_REVIEW_DAYS later it is due.
    """
    limit = timezone.now() - _period()
    late = [
        grant
        for model in _HOLDER
        for grant in in_force(model)
        .annotate(looked_at=Coalesce(Max("reviews__reviewed_at"), F("valid_from")))
        .filter(looked_at__lt=limit)
    ]
    names = {one.id: str(one) for one in access.directory()}
    managers = _managers()
    found = [_due(grant, names, managers) for grant in late]
    return sorted(found, key=lambda one: (one.looked_at, one.portfolio, one.holder))


def mine(person: User) -> list[Due]:
    """Those of the due grants that this person may confirm or end: see the policies."""
    groups = set(person.groups.values_list("pk", flat=True))
    everything = person.has_role(roles.ADMINISTRATOR)
    return [
        one
        for one in due()
        if (everything or one.right == "view")
        and getattr(one.grant, "user_id", None) != person.pk
        and getattr(one.grant, "group_id", None) not in groups
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
    holder = grant.user.username if isinstance(grant, PortfolioUserGrant) else grant.group.name
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
