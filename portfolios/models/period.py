"""Closed months: who closed them and when, and each portfolio's figures as they were then."""

from datetime import date
from decimal import Decimal

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from portfolios.models import fields
from portfolios.models.reference import Portfolio


class PeriodClose(models.Model):
    """One closing of a month, from being asked for to being reopened; its figures are its rows'."""

    class State(models.TextChoices):
        ASKED = "asked", "Being closed"
        CLOSED = "closed", "Closed"
        REOPENED = "reopened", "Reopened"

    id = models.AutoField(primary_key=True)
    month = models.DateField(help_text="Its first day.")
    state = models.CharField(
        max_length=10, choices=State.choices, default=State.ASKED, db_default="asked"
    )
    asked_at = models.DateTimeField(db_default=Now())
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    closed_at = models.DateTimeField(null=True)
    version_number = models.IntegerField(null=True, help_text="Whose figures were frozen.")
    valued_on = models.DateField(null=True, help_text="Last valuation day of the month.")
    portfolio_count = models.IntegerField(null=True)
    reopened_at = models.DateTimeField(null=True)
    reopened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    reopen_reason = models.TextField(blank=True, db_default="")

    class Meta:
        db_table = "period_close"
        ordering = ["-month", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["month"], condition=~Q(state="reopened"), name="a_month_is_closed_once"
            ),
            models.CheckConstraint(
                condition=Q(month__day=1), name="a_month_is_told_by_its_first_day"
            ),
            models.CheckConstraint(
                condition=~Q(state="reopened") | ~Q(reopen_reason=""),
                name="reopened_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%B %Y}"

    def holds(self, day: date) -> bool:
        """True when the day is in the month."""
        return (day.year, day.month) == (self.month.year, self.month.month)


class ClosedFigure(models.Model):
    """A portfolio's month-end figures as they were when the month was closed, base currency."""

    pk = models.CompositePrimaryKey("close", "portfolio")
    close = models.ForeignKey(PeriodClose, on_delete=models.PROTECT, related_name="figures")
    portfolio = models.ForeignKey(Portfolio, on_delete=models.PROTECT)
    valued_on = models.DateField(help_text="Last day of the month on which it had figures.")
    base_currency = fields.currency()
    net_asset_value = fields.money()
    external_inflow = fields.money(help_text="Of the month.")
    external_outflow = fields.money(help_text="Of the month.")
    return_net = models.FloatField(null=True, help_text="Of the month, linked daily.")
    return_gross = models.FloatField(null=True)
    wealth_net = models.FloatField(help_text="Wealth index since inception.")

    class Meta:
        db_table = "closed_figure"


class ClosedRestatement(models.Model):
    """A closed month of a portfolio whose figures are others now: what the checks found last."""

    pk = models.CompositePrimaryKey("close", "portfolio")
    close = models.ForeignKey(PeriodClose, on_delete=models.PROTECT, related_name="restatements")
    portfolio = models.ForeignKey(Portfolio, on_delete=models.PROTECT)
    code = models.CharField(max_length=20, help_text="Of the portfolio.")
    base_currency = fields.currency()
    net_asset_value_closed = fields.money(null=True)
    net_asset_value_now = fields.money(null=True)
    return_net_closed = models.FloatField(null=True)
    return_net_now = models.FloatField(null=True)
    cause = models.TextField(help_text="What the first version that restated it said.")
    batch_ids = ArrayField(models.IntegerField(), default=list)
    version_number = models.IntegerField(null=True)

    class Meta:
        db_table = "closed_restatement"

    @property
    def difference(self) -> Decimal | None:
        """Net asset value now less that as closed; None where either is missing."""
        if self.net_asset_value_now is None or self.net_asset_value_closed is None:
            return None
        return self.net_asset_value_now - self.net_asset_value_closed

    @property
    def return_difference(self) -> float | None:
        """Month's return now less that as closed; None where either is missing."""
        if self.return_net_now is None or self.return_net_closed is None:
            return None
        return self.return_net_now - self.return_net_closed
