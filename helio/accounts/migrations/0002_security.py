"""Who may read and write people and roles."""

from django.db import migrations

from helio.rls.sqlfile import run_sql_file


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("rls", "0002_secure"),
        ("admin", "0003_logentry_add_action_flag_choices"),
        ("sessions", "0001_initial"),
    ]
    operations = [
        run_sql_file(
            "helio/rls/sql/015_judge.sql",
            reverse="REVOKE ALL ON person, person_groups, auth_group FROM helio_guard",
        ),
        run_sql_file(
            "helio/rls/sql/020_roles.sql",
            role="helio_guard",
            reverse="DROP FUNCTION security.has_role, security.person_has_role",
        ),
        run_sql_file(
            "helio/rls/sql/025_may_assign.sql",
            role="helio_guard",
            reverse="DROP FUNCTION security.may_assign(bigint, integer)",
        ),
        run_sql_file(
            "helio/rls/sql/050_accounts.sql",
            reverse="DROP TRIGGER person_rights_guard ON person;"
            "DROP FUNCTION public.person_rights_guard();"
            "CALL security.release('person', 'person_groups', 'person_user_permissions')",
        ),
        run_sql_file(
            "helio/rls/sql/060_infrastructure.sql",
            reverse="REVOKE ALL ON django_session, django_admin_log, django_migrations"
            " FROM helio_web, helio_worker, helio_migrate",
        ),
    ]
