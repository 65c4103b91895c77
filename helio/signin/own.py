"""A person's own page of sign-in: their sessions, and their password."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.contrib.auth import views as auth_views
from django.contrib.auth.forms import PasswordChangeForm
from django.core.exceptions import BadRequest
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from helio.accounts.requests import person
from helio.audit.actions import record
from helio.pages import parameters, permits
from helio.signin import dues, throttle
from helio.signin.models import Session

END = "SELECT security.end_own_sessions(%s, %s)"


@require_safe
@permits.signed_in
def security(request: HttpRequest) -> HttpResponse:
    """Where the person is signed in, since when, and what they sign in with."""
    parameters.accept(request)
    now = timezone.now()
    living = Session.objects.filter(person=person(request), expire_date__gt=now, idle_until__gt=now)
    factors = list(Authenticator.objects.filter(user=person(request)).order_by("created_at"))
    context = {
        "sessions": living,
        "here": request.session.row_key,  # type: ignore[attr-defined]
        "factors": factors,
        "app": any(one.type == Authenticator.Type.TOTP for one in factors),
        "is_due": dues.SECOND_FACTOR in request.session.get(dues.KEY, ()),
    }
    return render(request, "accounts/security.html", context)


@require_POST
@permits.signed_in
def end_sessions(request: HttpRequest) -> HttpResponse:
    """Ends one other session of the person, or all; their pages empty within a second."""
    one = request.POST.get("session") or None
    if one is None and request.POST.get("which") != "others":
        raise BadRequest("Say which session to end: one of the list, or all others.")
    with connection.cursor() as cursor:
        cursor.execute(END, [request.session.row_key, one])  # type: ignore[attr-defined]
        ended: int = cursor.fetchone()[0]
    if ended:
        record(
            action="sessions ended",
            object=person(request).get_username(),
            by=person(request),
            sessions=ended,
        )
        messages.success(request, f"{ended} session{'s' if ended > 1 else ''} ended.")
    else:
        messages.success(request, "There was no other session to end.")
    return redirect("accounts:security")


class PasswordView(auth_views.PasswordChangeView):
    """A new password, against the old one; every other session of the person ends."""

    template_name = "accounts/password.html"
    success_url = reverse_lazy("accounts:security")

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        name = person(request).get_username()
        if not throttle.is_allowed(request, name):
            context = self.get_context_data(refused=throttle.TOO_MANY)
            return self.render_to_response(context, status=429)
        return super().post(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "is_due": dues.PASSWORD in self.request.session.get(dues.KEY, ())
        }

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        throttle.settle(self.request, person(self.request).get_username())
        response = super().form_valid(form)
        dues.done(self.request, dues.PASSWORD)
        messages.success(
            self.request, "Your password was changed, and your other sessions were ended."
        )
        return response
