"""Functions that note changes of people, roles and portfolio access."""

from django.db import migrations

from helio.rls.sqlfile import run_sql_file


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_rights")]
    operations = [
        run_sql_file(
            "helio/audit/sql/0003_people_and_roles.sql",
            role="helio_guard",
            reverse="DROP FUNCTION security.audit_person, security.audit_role,"
            "security.audit_permission, security.audit_difference CASCADE",
        ),
        run_sql_file(
            "helio/audit/sql/0004_portfolio_access.sql",
            role="helio_guard",
            reverse="DROP FUNCTION security.audit_access CASCADE",
        ),
    ]
