"""What waits for a manager or administrator, told on the admin's first page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Final

from django.urls import reverse
from django.utils import timezone

from helio.accounts.models import User
from helio.accounts.site import Task, tasks
from portfolios import access, reviews
from portfolios.models import PortfolioGroupGrant, PortfolioUserGrant

SOON: Final = dt.timedelta(days=14)
GRANTS: Final = "admin:portfolios_portfoliousergrant_"


@tasks
def of_access(person: User) -> Iterator[Task]:
    """Reviews that are due and access that ends soon."""
    waiting = reviews.mine(person, reviews.NONE)
    late = f", {waiting.overdue} of them overdue" if waiting.overdue else ""
    yield Task(
        count=waiting.total,
        words=f"grants to look at again{late}",
        address=reverse(GRANTS + "reviews"),
        is_late=bool(late),
    )
    ids = [one.id for one in access.directory()]
    ending = sum(
        reviews.in_force(model)
        .filter(content_object_id__in=ids, valid_until__lt=timezone.now() + SOON)
        .count()
        for model in (PortfolioUserGrant, PortfolioGroupGrant)
    )
    yield Task(
        count=ending,
        words=f"grants end within {SOON.days} days",
        address=reverse(GRANTS + "changelist") + "?state=ending",
    )
