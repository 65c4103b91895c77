"""Attaches the change-noting function to the grant tables, whose app knows nothing of audit."""

from django.db import migrations

from helio.rls.sqlfile import run_sql_file


class Migration(migrations.Migration):
    dependencies = [("audit", "0005_triggers"), ("portfolios", "0003_security")]
    operations = [
        run_sql_file(
            "helio/audit/sql/0006_access_triggers.sql",
            reverse="DROP TRIGGER audit_access ON portfolio_user_grant;"
            "DROP TRIGGER audit_access ON portfolio_group_grant",
        ),
    ]
