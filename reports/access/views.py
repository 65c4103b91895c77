"""``/access/``: who sees what, why, by whom and until when; by portfolio or person, on any day."""

from __future__ import annotations

import datetime as dt
import sys
from typing import Any, Final

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from helio import csv_file
from helio.accounts import roles
from helio.accounts.requests import person
from helio.columns import Column, Kind, table
from helio.pages import parameters, permits, rendering
from portfolios import effective, reviews
from portfolios.access import directory
from portfolios.effective import Span
from portfolios.models import GrantReview, Portfolio
from reports.exports import actions, proof_request
from reports.exports.request import ExportRefusedError
from reports.register.views import handed_over

ROWS: Final = 100
RECENT_REVIEWS: Final = 50
ORDERS: Final = ("portfolio", "person")
FORMATS: Final = ("page", "csv")
COLUMNS: Final = (
    Column("code", "Portfolio", Kind.TEXT),
    Column("name", "Name", Kind.TEXT),
    Column("holder", "Held by", Kind.TEXT),
    Column("right", "Right", Kind.TEXT),
    Column("through", "Through", Kind.TEXT),
    Column("since", "Since", Kind.TIME),
    Column("until", "Until", Kind.TIME),
    Column("granted_by", "Granted by", Kind.TEXT),
    Column("reason", "Reason", Kind.TEXT),
    Column("covers", "Covers", Kind.TEXT),
)

readers = permits.role(roles.AUDITOR, roles.ADMINISTRATOR, roles.MANAGER)


@readers
def effective_access(request: HttpRequest) -> HttpResponse:
    """Everybody who can see a portfolio now, or could on a past day, and through what."""
    parameters.accept(request, "on", "by", "person", "portfolio", "format", "page")
    now = timezone.now()
    day = _day(request, now)
    by = parameters.choice(request, "by", ORDERS, "portfolio")
    who, codes = request.GET.get("person", "").strip(), parameters.codes(request)
    if parameters.choice(request, "format", FORMATS, "page") == "csv":
        found = effective.of_day(day, now, person=who, codes=codes, by_person=by == "person")
        return _csv(request, found, day)
    # The page's place first: how many there are is told together with its rows.
    place = parameters.paged(request, sys.maxsize, ROWS).window
    shown = effective.page_of_day(
        day, now, person=who, codes=codes, by_person=by == "person", window=place
    )
    paging = parameters.paged(request, shown.total, ROWS)
    context = {
        "spans": shown.spans,
        "paging": paging,
        "day": day,
        "today": now.date(),
        "now": now,
        "by": by,
        "person": who,
        "portfolio": (codes or [""])[0],
        "people": shown.people,
        "codes": shown.codes,
        "person_count": shown.person_count,
        "portfolio_count": shown.portfolio_count,
        "history_since": effective.history_since(),
        "query": _query(request),
        "is_auditor": person(request).has_role(roles.AUDITOR),
    }
    return rendering.page(request, "access/effective.html", context)


@readers
def access_reviews(request: HttpRequest) -> HttpResponse:
    """Grants nobody looked at for too long, and who confirmed or ended which lately."""
    parameters.accept(request, "page")
    due = reviews.due(parameters.paged(request, sys.maxsize, ROWS).window)
    codes = {one.id: one.code for one in directory()}
    codes |= dict(Portfolio.objects.values_list("pk", "code"))
    said = GrantReview.objects.order_by("-reviewed_at").select_related(
        "reviewed_by", "user_grant__user", "user_grant__permission",
        "group_grant__group", "group_grant__permission",
    )  # fmt: skip
    context = {
        "due": due,
        "paging": parameters.paged(request, due.total, ROWS),
        "reviews": [_said(one, codes) for one in said[:RECENT_REVIEWS]],
    }
    return rendering.page(request, "access/reviews.html", context)


@require_POST
@permits.role(roles.AUDITOR)
def proof(request: HttpRequest) -> HttpResponse:
    """The proof for one portfolio and day, registered and audited like every export."""
    try:
        wanted = proof_request.check(
            code=request.POST.get("portfolio", ""),
            day=request.POST.get("on", ""),
            format=request.POST.get("format", "pdf"),
        )
        issued = actions.export(wanted=wanted, by=person(request))
    except ExportRefusedError as refused:
        raise BadRequest(str(refused)) from refused
    return handed_over(issued.file, issued.record)


def _day(request: HttpRequest, now: dt.datetime) -> dt.date:
    day = parameters.day(request, "on") or now.date()
    if day > now.date():
        raise BadRequest(f"{day} has not come yet. Who will see what then may still change.")
    return day


def _said(review: GrantReview, codes: dict[int, str]) -> dict[str, Any]:
    grant: Any = review.user_grant or review.group_grant
    holder = grant.user.username if review.user_grant else f"team {grant.group.name}"
    return {
        "at": review.reviewed_at,
        "by": review.reviewed_by.username,
        "outcome": review.get_outcome_display(),
        "holder": holder,
        "right": grant.permission.codename.removesuffix("_portfolio"),
        "code": codes.get(grant.content_object_id, str(grant.content_object_id)),
    }


def _csv(request: HttpRequest, shown: list[Span], day: dt.date) -> HttpResponse:
    records = (
        {
            "code": one.code,
            "name": one.name,
            "holder": one.person,
            "right": one.right,
            "through": one.through,
            "since": one.since,
            "until": one.until,
            "granted_by": one.given_by,
            "reason": one.reason,
            "covers": one.covers,
        }
        for one in shown
    )
    content = csv_file.write(
        [column.name for column in COLUMNS],
        table(COLUMNS, records),
        [column.kind.is_number for column in COLUMNS],
        csv_file.profile_for(None, request.headers.get("Accept-Language", "")),
    )
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="helio_access_{day}.csv"'
    response["Cache-Control"] = "private, no-store"
    return response


def _query(request: HttpRequest) -> str:
    query = request.GET.copy()
    query.pop("page", None)
    query.pop("format", None)
    return query.urlencode()
