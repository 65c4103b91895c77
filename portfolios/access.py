"""Verbs on portfolio access: give it, end it, change its end. The database judges each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db import connection, transaction
from django.db.models.functions import Now

from helio.accounts.models import User
from portfolios.models import PortfolioGroupGrant, PortfolioUserGrant
from portfolios.signals import access_changed

VIEW = "view_portfolio"
MANAGE = "manage_portfolio"

AnyGrant = PortfolioUserGrant | PortfolioGroupGrant


@dataclass(frozen=True)
class Named:
    """A portfolio by name only, for people who give access to it and need not see it."""

    id: int
    code: str
    name: str

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


def directory() -> list[Named]:
    """Portfolios whose access the person who asks may give or end, by code."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, code, name FROM security.directory()")
        return [Named(*row) for row in cursor.fetchall()]


def right(codename: str) -> Permission:
    """The permission that a grant carries: to view or to manage."""
    return Permission.objects.get(
        content_type__app_label="portfolios", content_type__model="portfolio", codename=codename
    )


@transaction.atomic
def give(
    *,
    to: User | Group,
    portfolio_ids: Iterable[int],
    codename: str,
    until: dt.datetime | None,
    reason: str,
    by: User,
    since: dt.datetime | None = None,
    covers: User | None = None,
) -> list[AnyGrant]:
    """The grants made, one a portfolio; raises when the database refuses any of them.

    They begin now unless ``since`` says later; ``covers`` names whose absence they cover.

    Written as rows, not by guardian's ``save()``: that reads the portfolio, which an
    administrator may not.
    """
    permission = right(codename)
    shared: dict[str, Any] = {
        "permission": permission,
        "valid_until": until,
        "granted_by": by,
        "reason": reason,
    }
    if since is not None:
        shared["valid_from"] = since
    grants: list[AnyGrant] = []
    for id_ in portfolio_ids:
        if isinstance(to, Group):
            grants.append(PortfolioGroupGrant(group=to, content_object_id=id_, **shared))
        else:
            grants.append(
                PortfolioUserGrant(user=to, content_object_id=id_, covers=covers, **shared)
            )
    model: Any = PortfolioGroupGrant if isinstance(to, Group) else PortfolioUserGrant
    model.objects.bulk_create(grants)
    _announce(grants)
    return grants


@transaction.atomic
def set_end(
    *, grants: Collection[AnyGrant], until: dt.datetime | Now | None, reason: str | None = None
) -> int:
    """Number of grants whose end was set; the others the database kept from this person.

    ``reason`` says why the end was moved. Ended grants stay as history: nothing is deleted, and the
    database refuses to change one.
    """
    changed = 0
    values: dict[str, Any] = {"valid_until": until}
    if reason is not None:
        values["end_reason"] = reason
    for grant in grants:
        changed += type(grant).objects.filter(pk=grant.pk).update(**values)
    _announce(grants)
    return changed


def end(*, grants: Collection[AnyGrant], reason: str | None = None) -> int:
    """Number of grants ended at this moment, by the database's clock."""
    return set_end(grants=grants, until=Now(), reason=reason)


def _announce(grants: Iterable[AnyGrant]) -> None:
    """Tells open pages whose access changed, once it has."""
    user_ids: set[int] = set()
    for grant in grants:
        if isinstance(grant, PortfolioUserGrant):
            user_ids.add(grant.user_id)
        else:
            user_ids.update(grant.group.user_set.values_list("pk", flat=True))
    if user_ids:
        transaction.on_commit(
            lambda: access_changed.send(sender=PortfolioUserGrant, user_ids=sorted(user_ids))
        )
