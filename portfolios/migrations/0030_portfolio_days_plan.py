"""The days of a portfolio are planned once for all portfolios."""

from django.db import migrations

from helio.rls.sqlfile import run_sql_file


class Migration(migrations.Migration):
    dependencies = [("portfolios", "0029_composite_cause")]
    operations = [
        run_sql_file(
            "portfolios/sql/122_portfolio_days_plan.sql",
            role="helio_rollup",
            reverse="ALTER FUNCTION rollup.portfolio_days(integer, text, date) RESET plan_cache_mode",
        ),
    ]
