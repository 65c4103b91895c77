"""The rates of a portfolio's days are looked up by their key."""

from django.db import migrations

from helio.rls.sqlfile import function_as_in, run_sql_file

PLANNED_ONCE = """
ALTER FUNCTION rollup.portfolio_days(integer, text, date) SET plan_cache_mode = force_generic_plan;
"""


class Migration(migrations.Migration):
    dependencies = [("portfolios", "0030_portfolio_days_plan")]
    operations = [
        run_sql_file(
            "portfolios/sql/123_portfolio_days_rates.sql",
            role="helio_rollup",
            reverse=function_as_in("portfolios/sql/117_portfolio_days.sql", "rollup.portfolio_days")
            + PLANNED_ONCE,
        ),
    ]
