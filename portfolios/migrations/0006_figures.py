"""The secured views: what people may see."""

from django.db import migrations

from helio.rls.sqlfile import run_sql_file

OWNER = "helio_gate"


class Migration(migrations.Migration):
    dependencies = [("portfolios", "0005_rollups")]
    operations = [
        run_sql_file(
            "portfolios/sql/060_figures_portfolio_day.sql",
            role=OWNER,
            reverse="DROP VIEW figures.portfolio_day",
        ),
        run_sql_file(
            "portfolios/sql/061_figures_exposure_day.sql",
            role=OWNER,
            reverse="DROP VIEW figures.exposure_day",
        ),
        run_sql_file(
            "portfolios/sql/062_figures_benchmark_day.sql",
            role=OWNER,
            reverse="DROP VIEW figures.benchmark_day",
        ),
        run_sql_file(
            "portfolios/sql/063_figures_firm.sql",
            role=OWNER,
            reverse="DROP VIEW figures.firm_mover_day, figures.firm_day, figures.desk_day",
        ),
    ]
