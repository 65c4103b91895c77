"""Which fetches are due: by the clock, or because a person asked. Costs two queries when idle."""

from datetime import timedelta

import structlog
from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone

from ingestion.models import FetchRun, FetchState, Source
from ingestion.ways.heartbeat import SILENT

log = structlog.get_logger(__name__)

# A queued run that no worker took: the broker lost it.
LOST = timedelta(minutes=2)


def due_runs() -> list[int]:
    """Numbers of the runs to hand to workers, each at most once at a time."""
    _plan_new_sources()
    _bury_the_silent()
    return _from_clock() + _from_people() + _handed_out_again()


def _plan_new_sources() -> None:
    """Sources whose definition is new or has changed are put on, or taken off, the clock."""
    unplanned = Q(fetch_state__isnull=True) | ~Q(fetch_state__rule=F("digest"))
    for source in Source.objects.filter(unplanned):
        now = timezone.now()
        wanted = source.way != "folder"
        FetchState.objects.update_or_create(
            source=source,
            defaults={
                "rule": source.digest,
                # The first fetch is at once: what is due later is due then.
                "next_at": now if wanted else None,
            },
        )


def _from_clock() -> list[int]:
    now = timezone.now()
    found = []
    due = FetchState.objects.filter(next_at__lte=now).select_related("source")
    for state in due:
        run = _queue(state.source, cause="schedule")
        # While one is at work the next due time is left out: nothing piles up.
        FetchState.objects.filter(pk=state.pk, next_at=state.next_at).update(
            next_at=state.source.rule.after(now)
        )
        found += [run.pk] if run else []
    return found


def _from_people() -> list[int]:
    found = []
    for wish in FetchRun.objects.filter(state=FetchRun.State.ASKED).select_related("source"):
        try:
            with transaction.atomic():
                wish.state, wish.heard_at = FetchRun.State.QUEUED, timezone.now()
                wish.save(update_fields=["state", "heard_at"])
        except IntegrityError:
            continue  # one is at work; the wish waits for its turn
        found.append(wish.pk)
    return found


def _handed_out_again() -> list[int]:
    """Queued runs that nobody took for a while."""
    now = timezone.now()
    lost = FetchRun.objects.filter(state=FetchRun.State.QUEUED, heard_at__lt=now - LOST)
    numbers = list(lost.values_list("pk", flat=True))
    FetchRun.objects.filter(pk__in=numbers).update(heard_at=now)
    return numbers


def _bury_the_silent() -> None:
    now = timezone.now()
    silent = FetchRun.objects.filter(state=FetchRun.State.RUNNING, heard_at__lt=now - SILENT)
    silent.update(
        state=FetchRun.State.INTERRUPTED,
        ended_at=now,
        sentence="The worker was stopped; what it had not loaded is fetched again.",
    )


def _queue(source: Source, *, cause: str, by: str = "") -> FetchRun | None:
    """A new run, None while another of the source is waiting or at work."""
    try:
        with transaction.atomic():
            return FetchRun.objects.create(source=source, cause=cause, asked_by=by)
    except IntegrityError:
        return None


def begin(run_id: int, worker: str) -> FetchRun | None:
    """The run, now this worker's; None when another has it or it is over.

    A task that is delivered again after its worker was killed finds its own name and goes on.
    """
    now = timezone.now()
    mine = Q(state=FetchRun.State.QUEUED) | Q(state=FetchRun.State.RUNNING, worker=worker)
    taken = FetchRun.objects.filter(mine, pk=run_id).update(
        state=FetchRun.State.RUNNING, worker=worker, started_at=now, heard_at=now
    )
    return FetchRun.objects.select_related("source").get(pk=run_id) if taken else None


def begin_now(source: Source, *, cause: str, worker: str) -> FetchRun | None:
    """A run that starts at once, as a command asks for it; None while another is at work."""
    run = _queue(source, cause=cause)
    return begin(run.pk, worker) if run else None
