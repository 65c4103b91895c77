"""Who may join whom to roles and teams, and which columns of a person another may write."""

from django.db import migrations

from helio.rls.sqlfile import function_as_in, run_sql_file

SQL = "helio/rls/sql/"
ASSIGN_AS_BEFORE = (
    function_as_in(SQL + "025_may_assign.sql", "security.may_assign")
    + """
    DROP FUNCTION security.make_team, security.may_dismiss, security.in_led_team,
        security.could_grant_all_of, security.leads, security.is_guarded_role, security.is_team;
    """
)
POLICIES_AS_BEFORE = """
    DROP POLICY takes_two ON person_groups;
    DROP POLICY dismiss ON person_groups;
    DROP POLICY assign ON person_groups;
    DROP POLICY approved ON person_groups;
    CREATE POLICY administer ON person_groups FOR INSERT TO helio_web
        WITH CHECK ((SELECT security.has_role('administrator')));
    CREATE POLICY administer_end ON person_groups FOR DELETE TO helio_web
        USING ((SELECT security.has_role('administrator')));
    CREATE POLICY team ON person_groups FOR INSERT TO helio_web
        WITH CHECK (security.may_assign(user_id, group_id));
    CREATE POLICY team_end ON person_groups FOR DELETE TO helio_web
        USING (security.may_assign(user_id, group_id));
    REVOKE INSERT ON auth_group, person_groups FROM helio_guard;
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_teams"), ("audit", "0005_triggers")]
    operations = [
        run_sql_file(SQL + "092_may_assign.sql", role="helio_guard", reverse=ASSIGN_AS_BEFORE),
        run_sql_file(
            SQL + "093_groups.sql",
            reverse=POLICIES_AS_BEFORE
            + function_as_in(SQL + "050_accounts.sql", "public.person_rights_guard"),
        ),
        # Last, so that on the way back the column is there again before what reads it.
        migrations.RemoveField(model_name="user", name="team"),
    ]
