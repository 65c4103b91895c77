"""A portfolio's days are computed with less reading for each."""

from django.db import migrations

from helio.rls.sqlfile import function_as_in, run_sql_file


class Migration(migrations.Migration):
    dependencies = [("portfolios", "0033_listing_movers")]
    operations = [
        run_sql_file(
            "portfolios/sql/127_portfolio_days_moved.sql",
            role="helio_rollup",
            reverse=function_as_in(
                "portfolios/sql/123_portfolio_days_rates.sql", "rollup.portfolio_days"
            ),
        ),
    ]
