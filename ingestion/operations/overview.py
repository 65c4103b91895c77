"""``/operations/``: every source with its last run, its age and its volume, and what is held."""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from django.db.models import Count, Max
from django.http import HttpRequest, HttpResponse

from helio.pages import parameters, rendering
from helio.pages.live import live_page
from ingestion.models import Batch, ExceptionItem, FetchState, Finding, Source
from ingestion.operations.shared import may_read
from ingestion.operations.volume import Volume, deliveries, volumes
from portfolios.models import RefreshRun, Version

RECENT: Final = 12


@dataclass(frozen=True)
class SourceRow:
    """One source as operations look at it."""

    source: Source
    last: Batch | None
    volume: Volume | None
    held: int
    rejected: int
    findings: int
    next_at: datetime | None

    @property
    def state(self) -> str:
        """Missing before anything came, else late or ok, as the strip on top says it."""
        late_at = self.source.late_at
        if late_at is None:
            return "missing"
        return "late" if late_at < datetime.now(UTC) else "ok"


@live_page
@may_read
def overview(request: HttpRequest) -> HttpResponse:
    """Sources, recent batches, what is held, and the last versions."""
    parameters.accept(request)
    held = ExceptionItem.objects.filter(state=ExceptionItem.State.HELD)
    context = {
        "rows": source_rows(),
        "batches": Batch.objects.select_related("source").order_by("-id")[:RECENT],
        "held": held.values("code", "source__title", "source__name")
        .annotate(count=Count("id"))
        .order_by("-count", "code"),
        "held_count": held.count(),
        "versions": Version.objects.order_by("-number")[:RECENT],
        "last_look": RefreshRun.objects.order_by("-id").first(),
    }
    return rendering.page(request, "operations/overview.html", context)


def source_rows() -> list[SourceRow]:
    """Every source with what operations want to know of it at a glance."""
    sources = list(Source.objects.all())
    newest = Batch.objects.values("source_id").annotate(newest=Max("id")).values("newest")
    last = {batch.source_id: batch for batch in Batch.objects.filter(pk__in=newest)}
    delivered = deliveries(source.pk for source in sources)
    open_items, findings = _open_items(), _open_findings()
    fetches = dict(FetchState.objects.values_list("source_id", "next_at"))
    return [
        SourceRow(
            source=source,
            last=last.get(source.pk),
            volume=next(iter(volumes(delivered.get(source.pk, []))), None),
            held=open_items.get((source.pk, ExceptionItem.State.HELD), 0),
            rejected=open_items.get((source.pk, ExceptionItem.State.REJECTED), 0),
            findings=findings[source.name],
            next_at=fetches.get(source.pk) or source.due_at,
        )
        for source in sources
    ]


def _open_items() -> dict[tuple[int, str], int]:
    states = (ExceptionItem.State.HELD, ExceptionItem.State.REJECTED)
    counted = (
        ExceptionItem.objects.filter(state__in=states)
        .values_list("source_id", "state")
        .annotate(count=Count("id"))
    )
    return {(source_id, state): count for source_id, state, count in counted}


def _open_findings() -> Counter[str]:
    """Findings somebody should look at, by source; two that disagree both count it."""
    states = (Finding.State.OPEN, Finding.State.ACKNOWLEDGED)
    found = Finding.objects.filter(state__in=states).exclude(severity=Finding.Severity.NOTE)
    counted: Counter[str] = Counter()
    for names in found.values_list("source", flat=True):
        counted.update(names.split("/"))
    return counted
