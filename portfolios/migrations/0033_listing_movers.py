"""Movers listing by listing, and an index less for the days of portfolios."""

from django.db import migrations

from helio.rls.sqlfile import run_sql_file

ROLLUP = "helio_rollup"


class Migration(migrations.Migration):
    dependencies = [("portfolios", "0032_position_open_table")]
    operations = [
        run_sql_file(
            "portfolios/sql/125_listing_movers.sql",
            role=ROLLUP,
            reverse="DROP FUNCTION rollup.listing_movers",
        ),
        run_sql_file(
            "portfolios/sql/126_portfolio_day_by_key.sql",
            role=ROLLUP,
            reverse="CREATE INDEX portfolio_day_by_day"
            " ON rollup.portfolio_day (valued_on, portfolio_id)",
        ),
    ]
