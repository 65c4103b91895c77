"""How allauth works in this house: our pages, our names, our doors."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from allauth.account.utils import get_login_redirect_url
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from helio.rls.identity import acting_as
from helio.signin import dues, sealing, throttle
from helio.signin.names import FACTOR

BACKEND = "helio.signin.backend.PasswordBackend"


class AccountAdapter(DefaultAccountAdapter):
    """Signing in: nobody signs themselves up, and who signs in is known to the database."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_login_stages(self) -> list[str]:
        """The second factor, where a person has one."""
        return ["allauth.mfa.stages.AuthenticateStage"]

    def pre_login(self, request: HttpRequest, user: Any, **_: Any) -> HttpResponse | None:
        """Sends a person whose account was closed back to the start."""
        if user.is_active:
            return None
        clear_login(request)
        return HttpResponseRedirect(settings.LOGIN_URL)

    def login(self, request: HttpRequest, user: Any) -> None:
        """Opens the session under the person's own identity."""
        user.backend = getattr(user, "backend", BACKEND)
        with transaction.atomic(), acting_as(user):
            super().login(request, user)
            dues.note(request, user, proved_factor=request.session.pop(FACTOR, False))

    def post_login(
        self, request: HttpRequest, user: Any, *, redirect_url: str | None, **_: Any
    ) -> HttpResponse:
        """Where the person wanted to go, in a browser that knows them now."""
        response = HttpResponseRedirect(get_login_redirect_url(request, redirect_url))
        throttle.remember(request, response, user.get_username())
        return response

    def add_message(
        self, request: HttpRequest, level: int, *_: Any, message: str | None = None, **__: Any
    ) -> None:
        """Says what went wrong; what went well is seen on Helio's own pages."""
        if level >= messages.ERROR and message:
            messages.error(request, message)

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Nothing: Helio sends no mail; the audit trail has the event."""

    def reauthenticate(self, user: Any, password: str) -> bool:
        """True when the signed-in person knows their password; guessing it is slow here too."""
        request = context.request
        if not throttle.is_allowed(request, user.get_username()):
            raise ValidationError(throttle.TOO_MANY)
        found = authenticate(request, username=user.get_username(), password=password)
        if found is None or found.pk != user.pk:
            return False
        throttle.settle(request, user.get_username())
        return True


class SecondFactorAdapter(DefaultMFAAdapter):
    """Second factors: sealed in the database, and kept where a role demands one."""

    def get_totp_label(self, user: Any) -> str:
        return str(user.get_username())

    def _get_user_identifier(self, user: Any) -> str:
        return str(user.get_username())

    def _get_site_name(self) -> str:
        return "Helio"

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002
        """What a passkey is called until its owner calls it otherwise."""
        others = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return f"Passkey {others + 1}" if others else "Passkey"

    def encrypt(self, text: str) -> str:
        return sealing.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return sealing.unseal(encrypted_text)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """False for the last factor of a person whose role demands one."""
        person = authenticator.user
        if not dues.needs_second_factor(person):
            return True
        others = dues.factors_of(person).exclude(pk=authenticator.pk)
        return bool(others.exists())


def connect() -> None:
    """A factor that was added is what may have been due."""
    authenticator_added.connect(_factor_added, dispatch_uid="helio.signin.factor_added")


def _factor_added(sender: Any, request: HttpRequest, **_: Any) -> None:
    dues.done(request, dues.SECOND_FACTOR)
