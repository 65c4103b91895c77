"""Composites have a return gross of the management fee."""

from django.db import migrations, models

from helio.rls.sqlfile import rest_of, run_sql_file, undo_sql_file

ROLLUP = "helio_rollup"
GATE = "helio_gate"
BEFORE = "portfolios/sql/085_rollup_composite_day.sql"


class Migration(migrations.Migration):
    dependencies = [("portfolios", "0034_portfolio_days_moved")]
    operations = [
        migrations.AddField(
            "firmcutday",
            "wealth_gross",
            models.FloatField(
                null=True,
                help_text="Before the management fee; null in what was computed without it.",
            ),
        ),
        undo_sql_file(
            "portfolios/sql/092_figures_firm.sql",
            role=GATE,
            undo="DROP VIEW figures.firm_mover_day, figures.firm_day, figures.desk_day",
        ),
        run_sql_file(
            "portfolios/sql/128_composite_gross.sql",
            role=ROLLUP,
            reverse="DROP VIEW rollup.composite_day;"
            " DROP MATERIALIZED VIEW rollup.composite_day_open, rollup.composite_day_closed;"
            " DROP FUNCTION rollup.composite;"
            + rest_of(BEFORE, "-- The rows of a span, from_on included"),
        ),
        run_sql_file(
            "portfolios/sql/129_figures_composite_gross.sql",
            role=GATE,
            reverse="DROP VIEW figures.firm_mover_day, figures.firm_day, figures.desk_day",
        ),
    ]
