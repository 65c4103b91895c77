"""What a day did to each desk, by cause, is read by leadership and auditors."""

from django.db import migrations

from helio.rls.sqlfile import run_sql_file


class Migration(migrations.Migration):
    dependencies = [("portfolios", "0028_perimeter_day")]
    operations = [
        run_sql_file(
            "portfolios/sql/120_composite_cause.sql",
            role="helio_rollup",
            reverse="DROP VIEW rollup.composite_cause",
        ),
        run_sql_file(
            "portfolios/sql/121_figures_desk_cause_day.sql",
            role="helio_gate",
            reverse="DROP VIEW figures.desk_cause_day",
        ),
    ]
