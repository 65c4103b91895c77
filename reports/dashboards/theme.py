"""Light, dark, or as the device says: kept in a cookie, so that the server sends no flash."""

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from helio.pages import permits
from reports.dashboards.frame import THEME_COOKIE, THEMES

A_YEAR = 365 * 24 * 60 * 60


@require_POST
@permits.signed_in
def choose(request: HttpRequest) -> HttpResponse:
    """Keeps the chosen theme and goes back to the page it was chosen on."""
    theme = request.POST.get("theme", "")
    if theme not in THEMES:
        raise BadRequest(f"Choose from {', '.join(THEMES)}.")
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        back = "/"
    response = HttpResponseRedirect(back)
    # Read by the page's script, which shows the choice without a round trip.
    response.set_cookie(
        THEME_COOKIE, theme, max_age=A_YEAR, secure=request.is_secure(), samesite="Lax"
    )
    return response
