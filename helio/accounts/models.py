"""The user model, custom from the first migration."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.functional import cached_property

from helio.accounts import roles
from helio.accounts.role_requests import RoleRequest
from helio.accounts.teams import Team
from helio.accounts.viewing import ViewAs

__all__ = ["RoleRequest", "Team", "User", "ViewAs"]


class User(AbstractUser):
    """A person who signs in; what they may see follows from roles and grants, not from here."""

    reporting_currency = models.CharField(
        max_length=3,
        default="USD",
        help_text="ISO 4217 code in which sums over several portfolios are shown.",
    )

    class Meta:
        db_table = "person"
        verbose_name = "person"
        verbose_name_plural = "people"

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
