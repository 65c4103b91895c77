"""The rule of who may see which portfolio, and every table behind it."""

from django.db import migrations

from helio.rls.sqlfile import run_sql_file


class Migration(migrations.Migration):
    dependencies = [("portfolios", "0002_position_daily"), ("accounts", "0002_security")]
    operations = [
        run_sql_file(
            "portfolios/sql/025_judge.sql",
            reverse="REVOKE ALL ON portfolio, portfolio_user_grant, portfolio_group_grant"
            " FROM helio_guard",
        ),
        run_sql_file(
            "helio/rls/sql/030_perimeter.sql",
            role="helio_guard",
            reverse="DROP FUNCTION security.managed, security.perimeter,"
            " security.perimeter_of, security.granted_to",
        ),
        run_sql_file(
            "helio/rls/sql/035_may_grant.sql",
            role="helio_guard",
            reverse="DROP FUNCTION security.may_grant, security.is_member",
        ),
        run_sql_file(
            "helio/rls/sql/036_pulse.sql",
            role="helio_guard",
            reverse="DROP FUNCTION security.pulse, security.mark, security.mark_of",
        ),
        run_sql_file("portfolios/sql/020_secure.sql", reverse="SELECT 1"),
        run_sql_file("portfolios/sql/030_grants.sql", reverse="SELECT 1"),
    ]
