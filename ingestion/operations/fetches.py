"""The page of one source's fetches."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from helio.accounts import roles
from helio.accounts.models import User
from helio.pages import parameters, permits, rendering
from helio.pages.polled import polled
from ingestion.models import Source
from ingestion.operations.runs import source_runs


@polled
@require_safe
@permits.role(roles.OPERATIONS, roles.AUDITOR)
def fetches(request: HttpRequest, name: str) -> HttpResponse:
    """How the source is fetched, when next, what its last runs brought."""
    parameters.accept(request)
    source = get_object_or_404(Source, name=name)
    context = {"source": source, "runs": source_runs(source, cast(User, request.user))}
    return rendering.page(request, "operations/fetches.html", context, ("source-runs",))
