"""Proving a second factor: the forms that check a code, and the identity they check it under."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from allauth.account.internal.stagekit import unstash_login
from allauth.account.utils import url_str_to_user_pk
from allauth.core import context
from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from allauth.mfa.webauthn.views import RemoveWebAuthnView
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from fido2.utils import websafe_decode

from helio.audit.sign_in import note_failure
from helio.signin import sealing, throttle
from helio.signin.pending import signing_in

View = Callable[..., HttpResponse]
# In the factor's data: the last time step whose code was used.
USED: Final = "used_step"
LAST: Final = "Your role needs a second factor: add another before you remove this one."
WRONG: Final = "That code is wrong, or was used already. The next one comes within half a minute."


class _Code:
    """Checks a code of the clock or a recovery code; each counts once, and guessing is slow.

    The library keeps used codes and tries in the cache, which may lose them; the database may not.
    """

    user: Any
    cleaned_data: dict[str, Any]
    authenticator: Authenticator

    def clean_code(self) -> str:
        """The code, and the factor it proves in ``authenticator``."""
        guessed = f"second factor of {self.user.pk}"
        if not throttle.is_allowed(context.request, guessed):
            raise ValidationError(throttle.TOO_MANY)
        code: str = self.cleaned_data["code"]
        # Locked, so that one code used twice in the same moment counts once.
        for factor in Authenticator.objects.select_for_update().filter(user=self.user):
            if _proves(factor, code):
                factor.user = self.user
                self.authenticator = factor
                throttle.settle(context.request, guessed)
                return code
        note_failure(None, {"username": f"{self.user} (second factor)"}, context.request)
        raise ValidationError(WRONG)


class AuthenticateForm(_Code, forms.AuthenticateForm):
    """The code asked for when signing in."""


class ReauthenticateForm(_Code, forms.ReauthenticateForm):
    """The code asked for before factors are changed."""


def _proves(factor: Authenticator, code: str) -> bool:
    if factor.type == Authenticator.Type.TOTP:
        return _proves_clock(factor, code)
    if factor.type == Authenticator.Type.RECOVERY_CODES:
        return bool(factor.wrap().validate_code(code))
    return False


def _proves_clock(factor: Authenticator, code: str) -> bool:
    """True for the code of this time step or its neighbours (RFC 6238), if later than the last."""
    secret = sealing.unseal(factor.data["secret"])
    now = int(time.time()) // app_settings.TOTP_PERIOD
    for step in range(now - app_settings.TOTP_TOLERANCE, now + app_settings.TOTP_TOLERANCE + 1):
        expected = format_hotp_value(hotp_value(secret, step))
        if step > factor.data.get(USED, 0) and compare_user_code(actual=code, expected=expected):
            factor.data[USED] = step
            factor.save(update_fields=["data"])
            return True
    return False


def pending(view: View) -> View:
    """The view, under the pending identity of whoever has just proved their password."""

    @wraps(view)
    def judged(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        login = None if request.user.is_authenticated else unstash_login(request, peek=True)
        if login is None or login.user is None:
            return view(request, *args, **kwargs)
        with signing_in(login.user.pk):
            return _rendered(view(request, *args, **kwargs))

    return judged


def claimed(view: View) -> View:
    """The view, under the pending identity of whoever a passkey says it belongs to.

    A claim opens the public keys of one person, against which it is then proved.
    """

    @wraps(view)
    def judged(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        person_id = _claimed_person(request.POST.get("credential", ""))
        if person_id is None or request.user.is_authenticated:
            return view(request, *args, **kwargs)
        with signing_in(person_id):
            return _rendered(view(request, *args, **kwargs))

    return judged


def _rendered(response: Any) -> HttpResponse:
    # Inside the transaction: a template may still ask for the factors.
    if hasattr(response, "render"):
        response.render()
    answer: HttpResponse = response
    return answer


def _claimed_person(credential: str) -> int | None:
    try:
        handle = json.loads(credential)["response"]["userHandle"]
        return int(url_str_to_user_pk(websafe_decode(handle).decode("utf8")))
    except (ValueError, TypeError, KeyError):
        return None


class RemovePasskeyView(RemoveWebAuthnView):
    """Removes a passkey, unless it is the last factor of a person whose role demands one."""

    def form_valid(self, form: Any) -> HttpResponse:
        if not get_adapter().can_delete_authenticator(self.get_object()):
            form.add_error(None, LAST)
            return self.form_invalid(form)
        answer: HttpResponse = super().form_valid(form)
        return answer
