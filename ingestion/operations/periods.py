"""``/operations/periods/``: months, who closed them, and what was restated after they were."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from django.contrib import messages
from django.db import transaction
from django.db.models import Max
from django.db.models.functions import TruncMonth
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST
from kombu.exceptions import OperationalError as BrokerAway

from helio.accounts.requests import person
from helio.pages import parameters, rendering
from helio.pages.live import live_page
from ingestion.operations.shared import acts, may_act, may_read
from portfolios.figures.days import head
from portfolios.models import ClosedRestatement, PeriodClose, ValuationDay
from portfolios.periods import actions
from portfolios.tasks import close_periods

REASON_MAX: Final = 1_000
MONTHS_A_PAGE: Final = 36


@dataclass
class Month:
    """A month that is over: its closings, the newest first, and what differs from the last."""

    first: date
    valued_on: date
    closings: list[PeriodClose] = field(default_factory=list)
    restatements: list[ClosedRestatement] = field(default_factory=list)

    @property
    def last(self) -> PeriodClose | None:
        """The newest closing, None when nobody ever closed it."""
        return self.closings[0] if self.closings else None

    @property
    def state(self) -> str:
        """In a word or two: open, being closed, closed, closed and restated after, reopened."""
        if self.last is None:
            return "open"
        if self.last.state == PeriodClose.State.CLOSED and self.restatements:
            return "closed, restated after"
        return {"asked": "being closed", "closed": "closed", "reopened": "reopened"}[
            self.last.state
        ]

    @property
    def may_close(self) -> bool:
        """True while it is open."""
        return self.last is None or self.last.state == PeriodClose.State.REOPENED

    @property
    def may_reopen(self) -> bool:
        """True while it is closed."""
        return self.last is not None and self.last.state == PeriodClose.State.CLOSED


@live_page
@may_read
def periods(request: HttpRequest) -> HttpResponse:
    """Every month that is over, the newest first."""
    parameters.accept(request, "page")
    months = _months()
    paging = parameters.paged(request, len(months), MONTHS_A_PAGE)
    shown = months[paging.window]
    context = {
        "months": shown,
        "restated": [month for month in shown if month.restatements and month.may_reopen],
        "paging": paging,
        "may_act": acts(request),
    }
    return rendering.page(request, "operations/periods.html", context)


@require_POST
@may_act
def close(request: HttpRequest) -> HttpResponse:
    """Asks the worker to close the month named."""
    try:
        month = date.fromisoformat(f"{request.POST.get('month', '')}-01")
    except ValueError:
        raise parameters.BadRequest("Say which month, like 2025-12.") from None
    try:
        asked = actions.close(month=month, by=person(request))
    except actions.CannotClose as refusal:
        messages.error(request, str(refusal))
    else:
        transaction.on_commit(_tell_worker)
        messages.success(request, f"{asked} is closed in a moment, at the figures of now.")
    return _back()


@require_POST
@may_act
def reopen(request: HttpRequest, close_id: int) -> HttpResponse:
    """Reopens a closed month with the reason given; without one nothing happens."""
    period = get_object_or_404(PeriodClose, pk=close_id)
    reason = request.POST.get("reason", "")[:REASON_MAX]
    try:
        actions.reopen(period=period, reason=reason, by=person(request))
    except actions.CannotClose as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{period} is open again. Close it when its figures are right.")
    return _back()


def _months() -> list[Month]:
    """Months with a valuation day that are over, the newest first, with their closings."""
    newest = head()
    if newest is None:
        return []
    days = ValuationDay.objects.filter(valued_on__lt=newest.as_of.replace(day=1))
    ended = days.annotate(month=TruncMonth("valued_on")).values("month")
    found = {
        row["month"]: Month(row["month"], row["last"])
        for row in ended.annotate(last=Max("valued_on")).order_by("-month")
    }
    closings = PeriodClose.objects.select_related("asked_by", "reopened_by").order_by("-pk")
    for closing in closings:
        if closing.month in found:
            found[closing.month].closings.append(closing)
    restated: dict[int, list[ClosedRestatement]] = defaultdict(list)
    for row in ClosedRestatement.objects.order_by("code"):
        restated[row.close_id].append(row)
    for month in found.values():
        if month.last is not None:
            month.restatements = restated[month.last.pk]
    return list(found.values())


def _tell_worker() -> None:
    """A hint: without the broker the worker finds the request at its next sweep."""
    try:
        close_periods.delay()
    except BrokerAway:
        return


def _back() -> HttpResponse:
    return HttpResponseRedirect(reverse("operations:periods"), status=303)
