"""How a source is fetched: its way, its schedule, its breaker, its runs; and "fetch now"."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST

from helio.accounts import roles
from helio.accounts.models import User
from helio.audit import actions as audit
from helio.pages import permits
from ingestion.models import FetchRun, FetchState, Source
from ingestion.sqlfile import fetch

RECENT = 10
WAYS = {
    "folder": "Watched folder",
    "http": "HTTP API",
    "sftp": "SFTP",
    "sql": "Database query",
}


@dataclass(frozen=True)
class SourceRuns:
    """What the fragment operations/source_runs.html shows, as ``runs`` in its context."""

    source: Source
    way: str
    fetched: bool
    next_at: datetime | None
    breaker: str
    paused_until: datetime | None
    failures: int
    folder_sentence: str
    recent: list[FetchRun]
    may_ask: bool
    keep_days: int | None

    @property
    def last(self) -> FetchRun | None:
        """The newest run that has ended."""
        return next((run for run in self.recent if run.ended_at), None)

    @property
    def active(self) -> FetchRun | None:
        """The run that is wished for, waiting or at work."""
        return next((run for run in self.recent if run.ended_at is None), None)


def source_runs(source: Source, person: User) -> SourceRuns:
    """The context of the fragment for one source."""
    state = FetchState.objects.filter(source=source).first()
    return SourceRuns(
        source=source,
        way=WAYS.get(source.way, source.way),
        fetched=source.way != "folder",
        next_at=state.next_at if state else None,
        breaker=state.breaker if state else "closed",
        paused_until=state.paused_until if state else None,
        failures=state.failures if state else 0,
        folder_sentence=state.folder_sentence if state else "",
        recent=list(FetchRun.objects.filter(source=source).select_related("batch")[:RECENT]),
        may_ask=person.has_role(roles.OPERATIONS),
        keep_days=source.keep_bytes_days,
    )


@require_POST
@permits.role(roles.OPERATIONS)
def fetch_now(request: HttpRequest, name: str) -> HttpResponse:
    """Asks the worker to fetch a source at once; back to where the person came from."""
    source = get_object_or_404(Source, name=name)
    if source.way == "folder":
        messages.error(
            request, f"{source.title} is not fetched: its files are dropped or uploaded."
        )
    elif ask(source=source, by=cast(User, request.user)):
        messages.success(request, f"{source.title} is fetched as soon as a worker is free.")
    else:
        messages.info(request, f"{source.title} is waiting to be fetched already.")
    return HttpResponseRedirect(reverse("operations:fetches", args=[name]), status=303)


@transaction.atomic
def ask(*, source: Source, by: User) -> bool:
    """True when the wish is new; audited."""
    rows = fetch("ways/sql/130_ask.sql", source=source.pk, person=by.pk, name=by.get_username())
    if rows:
        audit.record(action="fetch asked", object=source.name, by=by, run=rows[0][0])
    return bool(rows)
