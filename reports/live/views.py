"""What changed in the last versions, and why: the page behind the version number."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from helio.pages import parameters
from helio.pages.live import live_page
from helio.pages.permits import signed_in
from portfolios.figures.versions import last_versions

VERSIONS_SHOWN = 50


@live_page
@require_safe
@signed_in
def versions(request: HttpRequest) -> HttpResponse:
    """The last versions with their cause, business date and the time they took."""
    parameters.accept(request)
    return render(request, "live/versions.html", {"versions": last_versions(VERSIONS_SHOWN)})
