"""Signing in and out: the page, and the identity under which the database records it."""

from typing import Any, Final

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.conf import settings
from django.contrib.auth import views
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.models import update_last_login
from django.contrib.auth.signals import user_logged_in
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers

from helio.rls.identity import acting_as
from helio.signin import throttle
from helio.signin.pending import signing_in

# Read by browsers on secure origins: what the signed-in pages left behind goes with the session.
CLEAR: Final = '"cache"'


class SignInView(views.LoginView):
    """The sign-in page: a password, and then the second factor of who has one."""

    template_name = "accounts/login.html"
    redirect_authenticated_user = True

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Signs in, unless this name was tried too often: then no password is looked at."""
        if not throttle.is_allowed(request, request.POST.get("username", "")):
            context = self.get_context_data(
                form=self.form_class(request), refused=throttle.TOO_MANY
            )
            return self.render_to_response(context, status=429)
        return super().post(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "sso": settings.HELIO_OIDC_NAME if settings.HELIO_OIDC_ISSUER else ""
        }

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        person = form.get_user()
        throttle.settle(self.request, form.data["username"])
        login = Login(user=person, redirect_url=self.get_success_url(), email_verification="none")
        with signing_in(person.pk):
            return perform_password_login(self.request, {"username": person.get_username()}, login)


class SignOutView(views.LogoutView):
    """Ends the session; a POST only, so that no link can sign anybody out."""

    next_page = "accounts:login"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().post(request, *args, **kwargs)
        response["Clear-Site-Data"] = CLEAR
        add_never_cache_headers(response)
        return response


def connect() -> None:
    """Record the last sign-in only where the database knows who signs in."""
    user_logged_in.disconnect(update_last_login, dispatch_uid="update_last_login")
    user_logged_in.connect(_record_last_login, dispatch_uid="helio.signin.last_login")


def _record_last_login(sender: Any, request: Any, user: Any, **_: Any) -> None:
    with transaction.atomic(), acting_as(user):
        update_last_login(sender, user)
