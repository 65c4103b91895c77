"""The sums of the perimeters in use, kept day by day."""

from django.db import migrations

from helio.rls.sqlfile import run_sql_file


class Migration(migrations.Migration):
    dependencies = [("portfolios", "0027_portfolio_days"), ("rls", "0010_perimeters_in_use")]
    operations = [
        run_sql_file(
            "portfolios/sql/118_perimeter_day.sql",
            role="helio_rollup",
            reverse="DROP TABLE rollup.perimeter_day, rollup.perimeter",
        ),
        run_sql_file(
            "portfolios/sql/119_figures_perimeter_day.sql",
            role="helio_gate",
            reverse="DROP VIEW figures.perimeter_day",
        ),
    ]
