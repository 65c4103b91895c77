"""Attaches them to people and roles (portfolios attaches its own)."""

from django.db import migrations

from helio.rls.sqlfile import run_sql_file


class Migration(migrations.Migration):
    dependencies = [("audit", "0004_changes"), ("accounts", "0002_security")]
    operations = [
        run_sql_file(
            "helio/audit/sql/0005_triggers.sql",
            reverse="DROP TRIGGER audit_person ON person; DROP TRIGGER audit_role ON person_groups;"
            "DROP TRIGGER audit_permission ON person_user_permissions;"
            "DROP TRIGGER audit_permission ON auth_group_permissions",
        ),
    ]
