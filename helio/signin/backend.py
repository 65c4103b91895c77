"""Who a name and a password belong to."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.hashers import check_password
from django.http import HttpRequest
from django.views.decorators.debug import sensitive_variables

from helio.accounts import passwords
from helio.accounts.models import User


class PasswordBackend(ModelBackend):
    """Permissions as in the framework; names that exist and names that do not take one path."""

    @sensitive_variables("password")
    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **_: Any,
    ) -> User | None:
        """The active person of that name and password, None for any other.

        The same statements and one run of the hasher either way: the time tells no names.
        """
        if username is None or password is None:
            return None
        person = User.objects.filter(username=username).first()
        encoded = passwords.stored(person.pk if person else passwords.NOBODY)
        # Without a setter: a hash that is due for newer parameters waits for the next password.
        # Writing one as nobody is refused, and would end the person's other sessions.
        fits = check_password(password, encoded)
        return person if fits and person is not None and person.is_active else None
