"""A person's own preferences: the currency in which sums over several portfolios are shown."""

from typing import cast

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from helio.accounts.models import User
from helio.pages import parameters, permits
from portfolios.figures import queries


@require_http_methods(["GET", "HEAD", "POST"])
@permits.signed_in
def preferences(request: HttpRequest) -> HttpResponse:
    """The page on which a person chooses, and keeps, their reporting currency."""
    person = cast(User, request.user)
    offered = queries.currencies() or [person.reporting_currency]
    if request.method != "POST":
        parameters.accept(request)
        return render(request, "dashboards/preferences.html", {"currencies": offered})
    chosen = request.POST.get("reporting_currency", "")
    if chosen not in offered:
        raise BadRequest(f"Choose from {', '.join(offered)}: only these have rates.")
    person.reporting_currency = chosen
    person.save(update_fields=["reporting_currency"])
    messages.success(request, f"Sums over several portfolios are now shown in {chosen}.")
    return HttpResponseRedirect(reverse("preferences"))
