"""Findings of data quality as people may see them; ingestion raises them, this only reads."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.db import models
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from portfolios.figures.models import Figure
from portfolios.figures.notebook import once
from portfolios.models.reference import Listing, Portfolio

WAITING: Final = ("open", "acknowledged")
NOTE: Final = "note"
_HELD: Final = "SELECT listing_id FROM holding_state WHERE portfolio_id = ANY(%s)"


class PortfolioFinding(Figure):
    """What a check found about a portfolio, or about a price or rate of what portfolios hold."""

    id = models.IntegerField(primary_key=True)
    code = models.CharField(max_length=40)
    severity = models.CharField(max_length=10)
    source = models.CharField(max_length=80)
    subject = models.CharField(max_length=255)
    finding_day = models.DateField(null=True)
    sentence = models.TextField()
    numbers = models.JSONField()
    portfolio = models.ForeignKey(
        Portfolio, on_delete=models.DO_NOTHING, null=True, related_name="+"
    )
    listing = models.ForeignKey(Listing, on_delete=models.DO_NOTHING, null=True, related_name="+")
    state = models.CharField(max_length=12)
    still_true = models.BooleanField()
    closed_because = models.TextField()
    raised_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    known_from = models.DateTimeField(null=True)

    class Meta(Figure.Meta):
        db_table = "portfolio_finding"

    @property
    def waits(self) -> bool:
        """True while somebody should look at it."""
        return self.state in WAITING


def findings(
    portfolio_ids: Sequence[int] | None = None, known_at: datetime | None = None
) -> QuerySet[PortfolioFinding]:
    """Findings in the perimeter, newest day first; None: of all its portfolios.

    Those about a listing count for whoever holds or held it. With ``known_at`` without those
    whose cause was not known then.
    """
    found = PortfolioFinding.objects.select_related("portfolio", "listing")
    if portfolio_ids is not None:
        ids = list(portfolio_ids)
        held: Any = RawSQL(_HELD, [ids])  # noqa: S611  a constant text with a parameter
        found = found.filter(Q(portfolio__in=ids) | Q(portfolio=None, listing__in=held))
    if known_at is not None:
        found = found.filter(Q(known_from=None) | Q(known_from__lte=known_at))
    return found.order_by(models.F("finding_day").desc(nulls_last=True), "-id")


def waiting(portfolio_ids: Sequence[int] | None = None) -> QuerySet[PortfolioFinding]:
    """Findings that wait for somebody and are more than a note."""
    return findings(portfolio_ids).filter(state__in=WAITING).exclude(severity=NOTE)


def waiting_count(portfolio_ids: Sequence[int] | None = None) -> int:
    """How many wait; counted once for all places of a page that say it."""
    of = "all" if portfolio_ids is None else ",".join(map(str, portfolio_ids))
    return once(f"findings waiting of {of}", waiting(portfolio_ids).count)
