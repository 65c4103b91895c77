"""Teams as groups of their own, led by managers; made of the names that people carried."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from helio.rls.sqlfile import run_sql_file

NAMES_BACK = """
    UPDATE person SET team = auth_group.name
      FROM team JOIN auth_group ON auth_group.id = team.group_id
     WHERE EXISTS (SELECT FROM person_groups
                    WHERE user_id = person.id AND person_groups.group_id = team.group_id)
        OR EXISTS (SELECT FROM team_manager WHERE user_id = person.id AND team_id = team.group_id);
    DELETE FROM person_groups WHERE group_id IN (SELECT group_id FROM team);
    DELETE FROM team_manager;
    DELETE FROM team;
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_roles"), ("rls", "0004_remembered_perimeter")]
    operations = [
        migrations.CreateModel(
            name="Team",
            fields=[
                (
                    "group",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="team",
                        serialize=False,
                        to="auth.group",
                    ),
                ),
                (
                    "managers",
                    models.ManyToManyField(
                        blank=True,
                        db_table="team_manager",
                        help_text="Managers who join people to the team and give its members the"
                        " analyst role.",
                        related_name="led_teams",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={"db_table": "team", "ordering": ("group__name",)},
        ),
        run_sql_file(
            "helio/rls/sql/090_teams.sql",
            reverse="CALL security.release('team', 'team_manager');"
            "REVOKE DELETE ON person_groups FROM helio_migrate",
        ),
        run_sql_file(
            "helio/rls/sql/091_teams_of_before.sql", role="helio_migrate", reverse=NAMES_BACK
        ),
    ]
