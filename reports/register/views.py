"""``/reports/``: choose a report and take it with you; below it the register of what left."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST

from helio.accounts import roles
from helio.accounts.requests import person
from helio.pages import parameters, permits, rendering
from portfolios.models import Portfolio
from reports.dashboards.frame import Frame
from reports.exports import actions, catalogue
from reports.exports.files import MEDIA_TYPES, File, manifest_bytes
from reports.exports.manifest import manifest as described
from reports.exports.request import (
    FORMATS,
    ExportRefusedError,
    ForeignPortfolioError,
    Wanted,
    check,
)
from reports.models import ExportRecord

REGISTER_ROWS: Final = 25
FORMAT_WORDS: Final = {"csv": "CSV", "xlsx": "Excel", "pdf": "PDF"}


@permits.signed_in
def reports(request: HttpRequest) -> HttpResponse:
    """The form and the register."""
    parameters.accept_figures(request, "page")
    return rendering.page(request, "reports/reports.html", _context(request))


@require_POST
@permits.signed_in
def export(request: HttpRequest) -> HttpResponse:
    """The file, registered and audited; or the form again with the sentence that refuses."""
    try:
        issued = actions.export(wanted=_wanted(request), by=person(request))
    except ExportRefusedError as refused:
        return _refused(request, refused)
    return handed_over(issued.file, issued.record)


@require_POST
@permits.role(roles.AUDITOR)
def compliance_pack(request: HttpRequest) -> HttpResponse:
    """All reports of all portfolios for a day and who has access, as one zip with its manifest."""
    try:
        wanted = check(
            report=catalogue.COMPLIANCE_PACK,
            reports=[catalogue.COMPLIANCE_PACK],
            as_of=_day(request, "as_of"),
            known_at=_known_at(request),
        )
        issued = actions.export(wanted=wanted, by=person(request))
    except ExportRefusedError as refused:
        return _refused(request, refused)
    return handed_over(issued.file, issued.record)


@require_POST
@permits.signed_in
def again(request: HttpRequest, number: int) -> HttpResponse:
    """A registered file once more, the same to the byte."""
    record = get_object_or_404(ExportRecord.objects.select_related("person"), pk=number)
    try:
        issued = actions.issue_again(record=record, by=person(request))
    except ExportRefusedError as refused:
        return _refused(request, refused)
    return handed_over(issued.file, record)


@permits.signed_in
def manifest(request: HttpRequest, number: int) -> HttpResponse:
    """The manifest of a registered export."""
    record = get_object_or_404(ExportRecord.objects.select_related("person"), pk=number)
    content = manifest_bytes(described(record))
    name = f"helio_export_{record.number}_manifest.json"
    return _download(File(name, MEDIA_TYPES["json"], content))


def _wanted(request: HttpRequest) -> Wanted:
    form = request.POST
    kind = form.get("format", "csv")
    profile = form.get("profile") or request.GET.get("profile") or "plain"
    return check(
        report=form.get("report", ""),
        reports=catalogue.REPORTS,
        codes=form.getlist("portfolio"),
        start=_day(request, "from"),
        as_of=_day(request, "as_of"),
        known_at=_known_at(request),
        format=kind,
        # The box beside the buttons is about CSV; the other formats have no separators.
        profile=profile if kind == "csv" else "plain",
        language=request.headers.get("Accept-Language", "").split(",")[0],
        in_one=person(request).reporting_currency if form.get("in_one") else "",
    )


def _known_at(request: HttpRequest) -> dt.datetime | None:
    try:
        return parameters.moment(request.POST.get("known_at", ""), "known_at")
    except BadRequest as told:
        raise ExportRefusedError(str(told)) from None


def _day(request: HttpRequest, name: str) -> dt.date | None:
    text = request.POST.get(name)
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        raise ExportRefusedError(
            f"“{text[:40]}” is no date. Write it as 2025-10-31."  # type: ignore[index]
        ) from None


def handed_over(file: File, record: ExportRecord) -> HttpResponse:
    """The file of a registered export as a download that says its number."""
    response = _download(file)
    response["X-Helio-Export"] = str(record.number)
    return response


def _download(file: File) -> HttpResponse:
    response = HttpResponse(file.content, content_type=file.media_type)
    response["Content-Disposition"] = f'attachment; filename="{file.name}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _refused(request: HttpRequest, refused: ExportRefusedError) -> HttpResponse:
    status = 403 if isinstance(refused, ForeignPortfolioError) else 400
    context = _context(request) | {"refusal": str(refused)}
    return render(request, "reports/reports.html", context, status=status)


def _context(request: HttpRequest) -> dict[str, Any]:
    exports = ExportRecord.objects.for_register()
    paging = parameters.paged(request, exports.count(), REGISTER_ROWS)
    frame = Frame.of(request)
    start = frame.as_of.replace(month=1, day=1) if frame.as_of else None
    return {
        "reports": catalogue.REPORTS.values(),
        "portfolios": Portfolio.objects.order_by("code"),
        "formats": [(name, FORMAT_WORDS[name]) for name in FORMATS],
        "start": start,
        "exports": exports[paging.window],
        "paging": paging,
        "is_auditor": person(request).has_role(roles.AUDITOR),
    }
