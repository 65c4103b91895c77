"""The newest positions kept multiplied, and a book's days in one narrow place."""

from django.db import migrations

from helio.rls.sqlfile import run_sql_file, view_as_in

ROLLUP = "helio_rollup"
GATE = "helio_gate"


class Migration(migrations.Migration):
    dependencies = [("portfolios", "0021_period_close")]
    operations = [
        run_sql_file(
            "portfolios/sql/110_position_open.sql",
            role=ROLLUP,
            reverse=view_as_in("portfolios/sql/083_rollup_exposure_day.sql", "rollup.exposure_day")
            + "DROP VIEW rollup.position_served; DROP MATERIALIZED VIEW rollup.position_open",
        ),
        run_sql_file(
            "portfolios/sql/111_figures_position_daily.sql",
            role=GATE,
            reverse=view_as_in(
                "portfolios/sql/090_figures_position_daily.sql", "figures.position_daily"
            ),
        ),
        run_sql_file(
            "portfolios/sql/112_portfolio_day_by_book.sql",
            role=ROLLUP,
            reverse="DROP INDEX rollup.portfolio_day_by_book, rollup.portfolio_day_with_flows",
        ),
        run_sql_file(
            "portfolios/sql/113_figures_portfolio_flow.sql",
            role=GATE,
            reverse="DROP VIEW figures.portfolio_flow",
        ),
    ]
