"""The days of one portfolio as a function, so that two processes can share a rebuild."""

from django.db import migrations

from helio.rls.sqlfile import run_sql_file


class Migration(migrations.Migration):
    dependencies = [("portfolios", "0026_version_columns")]
    operations = [
        run_sql_file(
            "portfolios/sql/117_portfolio_days.sql",
            role="helio_rollup",
            reverse="DROP FUNCTION rollup.portfolio_days(integer, text, date)",
        ),
    ]
