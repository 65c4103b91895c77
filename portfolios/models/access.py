"""Who may see or manage which portfolio: guardian grants with direct foreign keys.

These two tables are the one truth of access; ``security.perimeter()`` is their only judge.
"""

from collections.abc import Sequence
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Value
from django.db.models.functions import Now
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from portfolios.models.reference import Portfolio


class Grant(models.Model):
    """What both kinds of grant carry: since and until when, by whom, and why."""

    valid_from = models.DateTimeField(db_default=Now())
    valid_until = models.DateTimeField(null=True, blank=True, help_text="Empty: no end.")
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    reason = models.CharField(max_length=200, blank=True)
    end_reason = models.CharField(
        max_length=200,
        blank=True,
        db_default=Value(""),
        default="",
        help_text="Why its end was moved; the reason of giving it stays as it was.",
    )

    class Meta:
        abstract = True

    def right_in_words(self) -> str:
        """ "view HA-01"; the number stands in where the reader may not know the portfolio."""
        # Not by the foreign key: an administrator gives access to what they cannot read.
        portfolio = getattr(self, "portfolio_code", f"portfolio {self.content_object_id}")  # type: ignore[attr-defined]
        right = self.permission.codename.removesuffix("_portfolio")  # type: ignore[attr-defined]
        return f"{right} {portfolio}"


class PortfolioUserGrant(Grant, UserObjectPermissionBase):
    """A person's right to view or manage one portfolio."""

    id = models.AutoField(primary_key=True)
    content_object = models.ForeignKey(Portfolio, on_delete=models.CASCADE, related_name="grants")
    covers = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Whose absence this grant covers.",
    )

    class Meta(UserObjectPermissionBase.Meta):
        abstract = False
        # An ended grant stays as history beside its successor, so guardian's own unique key
        # (which would allow one row for ever) gives way to "one open grant at a time".
        unique_together: ClassVar[list[Sequence[str]]] = []
        constraints = [
            models.UniqueConstraint(
                fields=["content_object", "user", "permission"],
                condition=models.Q(valid_until__isnull=True),
                name="one_open_user_grant",
            ),
        ]
        db_table = "portfolio_user_grant"
        verbose_name = "portfolio access"
        verbose_name_plural = "portfolio access"

    def __str__(self) -> str:
        return f"{self.user}: {self.right_in_words()}"


class PortfolioGroupGrant(Grant, GroupObjectPermissionBase):
    """A team's right to view or manage one portfolio."""

    id = models.AutoField(primary_key=True)
    content_object = models.ForeignKey(
        Portfolio, on_delete=models.CASCADE, related_name="group_grants"
    )

    class Meta(GroupObjectPermissionBase.Meta):
        abstract = False
        unique_together: ClassVar[list[Sequence[str]]] = []
        constraints = [
            models.UniqueConstraint(
                fields=["content_object", "group", "permission"],
                condition=models.Q(valid_until__isnull=True),
                name="one_open_group_grant",
            ),
        ]
        db_table = "portfolio_group_grant"
        verbose_name = "portfolio access of a team"
        verbose_name_plural = "portfolio access of teams"

    def __str__(self) -> str:
        return f"{self.group}: {self.right_in_words()}"


class GrantReview(models.Model):
    """Somebody looked at a grant and said whether it is still needed. Append-only."""

    CONFIRMED = "confirmed"
    ENDED = "ended"

    user_grant = models.ForeignKey(
        PortfolioUserGrant, on_delete=models.PROTECT, null=True, related_name="reviews"
    )
    group_grant = models.ForeignKey(
        PortfolioGroupGrant, on_delete=models.PROTECT, null=True, related_name="reviews"
    )
    outcome = models.CharField(
        max_length=10, choices=[(CONFIRMED, "still needed"), (ENDED, "ended")]
    )
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    reviewed_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "grant_review"
        verbose_name = "access review"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(user_grant__isnull=True) ^ models.Q(group_grant__isnull=True),
                name="review_of_one_grant",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_grant or self.group_grant}: {self.outcome}"
