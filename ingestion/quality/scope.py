"""What a run of the checks must look at: everything, or what came since the last one."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final, Self

from django.conf import settings
from django.db import connection
from django.db.models import Q

from ingestion.models import Batch, QualityRun
from ingestion.quality.statements import execute
from portfolios.models import PeriodClose, ValuationDay, Version
from portfolios.valuation.units import MINOR_UNITS

BEGINNING: Final = date(1900, 1, 1)
# The walk along prices starts this long before the first new one, to know what is plausible.
WARM_UP: Final = timedelta(days=30)
CASH_TOLERANCE: Final = "0.01"
AMOUNT_TOLERANCE: Final = "0.02"
# Two sources of one price, fixing or level may differ by so much of it.
SOURCE_TOLERANCE: Final = "0.001"
SHARE_TOLERANCE: Final = 1e-8


@dataclass
class Scope:
    """Whom, which and from when on: checks look there and close their findings only there."""

    everything: bool
    batch_to: int
    version_to: int
    as_of: date | None = None
    batches: list[int] = field(default_factory=list)
    portfolios: list[int] = field(default_factory=list)
    listings: list[int] = field(default_factory=list)
    prices_from: date = BEGINNING
    custody_from: date = BEGINNING
    valued: list[int] = field(default_factory=list)
    results_from: date = BEGINNING
    marks: dict[str, int] = field(default_factory=dict)
    periods_changed: bool = False

    @classmethod
    def now(cls, last: QualityRun | None, *, everything: bool) -> Self:
        """What there is to look at since the last run; everything at the first."""
        head = Version.objects.order_by("-number").first()
        scope = cls(
            everything=everything or last is None,
            batch_to=_settled_to(last.batch_to if last else 0),
            version_to=head.number if head else 0,
            as_of=head.as_of if head else None,
            marks=_one_row("810_marks.sql", {}),
        )
        if last is not None and not scope.everything:
            scope._since(last)
        return scope

    def _since(self, last: QualityRun) -> None:
        new = Batch.objects.filter(pk__gt=last.batch_to).exclude(state=Batch.State.RUNNING)
        self.batches = list(new.values_list("pk", flat=True))
        touched = _one_row("800_touched.sql", {"batches": self.batches})
        self.portfolios, self.listings = touched["portfolios"], touched["listings"]
        self.prices_from = touched["prices_from"] or BEGINNING
        self.custody_from = touched["custody_from"] or BEGINNING
        self.periods_changed = PeriodClose.objects.filter(
            Q(closed_at__gt=last.started_at) | Q(reopened_at__gt=last.started_at)
        ).exists()
        versions = list(Version.objects.filter(number__gt=last.version_to).defer(None))
        self.valued = sorted({each for one in versions for each in one.changed_portfolios})
        changed_from = [one.changed_from for one in versions if one.changed_from]
        if changed_from and len(changed_from) == len(versions):
            self.results_from = min(changed_from)
        if self.marks != last.marks:
            # New sessions or valuation days may leave a gap anywhere.
            self._look_at_all_prices()

    def _look_at_all_prices(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT array_agg(id) FROM public.listing")
            self.listings = cursor.fetchone()[0] or []
        self.prices_from = BEGINNING

    @property
    def results_eve(self) -> date:
        """The valuation day before the results looked at: what their first day goes on from."""
        before = ValuationDay.objects.filter(valued_on__lt=self.results_from)
        newest = before.order_by("-valued_on").first()
        return newest.valued_on if newest else self.results_from

    @property
    def is_empty(self) -> bool:
        """True when nothing came since the last run."""
        return not (
            self.everything or self.batches or self.valued or self.listings or self.periods_changed
        )

    @property
    def parameters(self) -> dict[str, Any]:
        """What the SQL files of the checks may name."""
        return {
            "everything": self.everything,
            "batches": self.batches,
            "portfolios": self.portfolios,
            "listings": self.listings,
            "prices_from": self.prices_from,
            "custody_from": self.custody_from,
            "valued": self.valued,
            "results_from": self.results_from,
            "results_eve": self.results_eve,
            "version": self.version_to,
            "as_of": self.as_of,
            "pivot": settings.HELIO_FX_PIVOT,
            "units": list(MINOR_UNITS),
            "majors": [major for major, _ in MINOR_UNITS.values()],
            "parts": [parts for _, parts in MINOR_UNITS.values()],
            "source_tolerance": SOURCE_TOLERANCE,
            "cash_tolerance": CASH_TOLERANCE,
            "tolerance": AMOUNT_TOLERANCE,
            "share_tolerance": SHARE_TOLERANCE,
        }


def _settled_to(before: int) -> int:
    """The last batch before the first that is still running: the next run looks from there."""
    running = Batch.objects.filter(state=Batch.State.RUNNING, pk__gt=before).order_by("pk").first()
    if running is not None:
        return running.pk - 1
    newest = Batch.objects.order_by("-pk").first()
    return max(before, newest.pk) if newest else before


def _one_row(path: str, parameters: dict[str, Any]) -> dict[str, Any]:
    with connection.cursor() as cursor:
        execute(cursor, path, parameters)
        names = [column.name for column in cursor.description]
        return dict(zip(names, cursor.fetchone(), strict=True))
