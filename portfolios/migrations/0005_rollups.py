"""The rollups: functions, then materialised views in pairs of closed months and open window."""

from django.db import migrations

from helio.rls.sqlfile import run_sql_file

OWNER = "helio_rollup"


def _view(path: str, *views: str, functions: str) -> migrations.RunSQL:
    reverse = "".join(f"DROP MATERIALIZED VIEW rollup.{view}; " for view in views)
    return run_sql_file(path, role=OWNER, reverse=f"{reverse}DROP FUNCTION {functions}")


class Migration(migrations.Migration):
    dependencies = [("portfolios", "0004_valuation")]
    operations = [
        run_sql_file(
            "portfolios/sql/045_rollup_functions.sql",
            role=OWNER,
            reverse="DROP FUNCTION rollup.day_before, rollup.open_from;"
            " DROP AGGREGATE rollup.product(double precision)",
        ),
        run_sql_file(
            "portfolios/sql/046_portfolio_return.sql",
            role=OWNER,
            reverse="DROP FUNCTION rollup.portfolio_return",
        ),
        _view("portfolios/sql/047_portfolio_growth.sql", functions="rollup.portfolio_growth"),
        run_sql_file(
            "portfolios/sql/050_portfolio_day.sql",
            role=OWNER,
            reverse="DROP MATERIALIZED VIEW rollup.portfolio_day_open, rollup.portfolio_day_closed",
        ),
        _view(
            "portfolios/sql/051_exposure_day.sql",
            "exposure_day_open",
            "exposure_day_closed",
            functions="rollup.exposure",
        ),
        _view(
            "portfolios/sql/052_benchmark_day.sql",
            "benchmark_day_open",
            "benchmark_day_closed",
            functions="rollup.benchmark, rollup.index_value",
        ),
        _view(
            "portfolios/sql/053_composite_day.sql",
            "composite_day_open",
            "composite_day_closed",
            functions="rollup.composite",
        ),
        _view(
            "portfolios/sql/054_firm_mover_day.sql",
            "firm_mover_day_open",
            "firm_mover_day_closed",
            functions="rollup.mover",
        ),
    ]
