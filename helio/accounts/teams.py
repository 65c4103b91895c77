"""Teams: groups of people that portfolios can be granted to, each led by managers.

A team is one of the framework's groups with a row of its own, so that a grant to it is a grant to a
group like any other. Who may join people to it is judged in helio/rls/sql/092_may_assign.sql.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import connection, models

MAKE = "SELECT security.make_team(%s)"


class Team(models.Model):
    """A team; its members are the people of its group."""

    group = models.OneToOneField(
        Group, on_delete=models.PROTECT, primary_key=True, related_name="team"
    )
    managers = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        db_table="team_manager",
        related_name="led_teams",
        blank=True,
        help_text="Managers who join people to the team and give its members the analyst role.",
    )

    class Meta:
        db_table = "team"
        ordering = ("group__name",)

    def __str__(self) -> str:
        return self.group.name


def make(*, name: str) -> Team:
    """A new team of that name; the database refuses anybody but an administrator."""
    with connection.cursor() as cursor:
        cursor.execute(MAKE, [name])
        return Team.objects.get(pk=cursor.fetchone()[0])
