"""Signing in and out: the page, and the identity under which the database records it."""

from typing import Any

from django.contrib.auth import views
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.models import update_last_login
from django.contrib.auth.signals import user_logged_in
from django.db import transaction
from django.http import HttpResponse

from helio.rls.identity import acting_as


class SignInView(views.LoginView):
    """The sign-in page; the person's own identity is set before anything is written."""

    template_name = "accounts/login.html"
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        with transaction.atomic(), acting_as(form.get_user()):
            return super().form_valid(form)


class SignOutView(views.LogoutView):
    """Ends the session; a POST only, so that no link can sign anybody out."""

    next_page = "accounts:login"


def connect() -> None:
    """Record the last sign-in only where the database knows who signs in."""
    user_logged_in.disconnect(update_last_login, dispatch_uid="update_last_login")
    user_logged_in.connect(_record_last_login, dispatch_uid="helio.accounts.last_login")


def _record_last_login(sender: Any, request: Any, user: Any, **_: Any) -> None:
    with transaction.atomic(), acting_as(user):
        update_last_login(sender, user)
