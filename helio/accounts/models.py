"""The user model, custom from the first migration."""

import uuid
from typing import Any

from django.contrib.auth.hashers import check_password, is_password_usable
from django.contrib.auth.models import AbstractUser
from django.db import models, transaction
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property

from helio.accounts import passwords, roles
from helio.accounts.role_requests import RoleRequest
from helio.accounts.teams import Team
from helio.accounts.viewing import ViewAs

__all__ = ["RoleRequest", "Team", "User", "ViewAs"]


class User(AbstractUser):
    """A person who signs in; what they may see follows from roles and grants, not from here.

    The hash of the password is no field: see helio/accounts/passwords.py.
    """

    password_mark = models.UUIDField(
        null=True,
        editable=False,
        help_text="Another with each password; none where nobody can type one.",
    )
    reporting_currency = models.CharField(
        max_length=3,
        default="USD",
        help_text="ISO 4217 code in which sums over several portfolios are shown.",
    )

    class Meta:
        db_table = "person"
        verbose_name = "person"
        verbose_name_plural = "people"

    _new_hash: str | None = None

    @property
    def password(self) -> str:
        """The hash of the password, new or read from the database at each question."""
        return passwords.stored(self.pk) if self._new_hash is None else self._new_hash

    @password.setter
    def password(self, encoded: str) -> None:
        self._new_hash = encoded

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Writes the person, and the new password where one was set."""
        with transaction.atomic():
            super().save(*args, **kwargs)
            if self._new_hash is not None:
                self.password_mark = passwords.store(self.pk, self._new_hash)
                self._new_hash = None

    def check_password(self, raw_password: str | None) -> bool:
        """True when it is the person's password; never writes one (helio/signin/backend.py)."""
        return check_password(raw_password, self.password)

    def has_usable_password(self) -> bool:
        """True when there is a password that can be typed."""
        if self._new_hash is not None:
            return is_password_usable(self._new_hash)
        return self.password_mark is not None

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        # What a session is compared with at each request: the framework would take the hash itself.
        mark = str(self.password_mark or uuid.UUID(int=0))
        return salted_hmac(
            "helio.accounts.password_mark", mark, secret=secret, algorithm="sha256"
        ).hexdigest()

    @cached_property
    def role_names(self) -> frozenset[str]:
        """Names of the roles this person has."""
        return frozenset(name for name in self._group_names if name in roles.ROLES)

    @cached_property
    def team_names(self) -> list[str]:
        """Names of the teams this person is a member of, in order."""
        return sorted(name for name in self._group_names if name not in roles.ROLES)

    @cached_property
    def _group_names(self) -> list[str]:
        # A group is a role or a team: one read tells both.
        return [group.name for group in self.groups.all()]

    def has_role(self, *names: str) -> bool:
        """True when the person has any of the named roles."""
        return bool(self.role_names.intersection(names))

    @property
    def dashboard_role(self) -> str | None:
        """The role whose dashboard greets this person, or None without any role."""
        return next((role for role in roles.DASHBOARD_ORDER if role in self.role_names), None)
