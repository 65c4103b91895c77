"""Which bucket of each breakdown a holding counts to is told once, and summed at once."""

from django.db import migrations

from helio.rls.sqlfile import run_sql_file, view_as_in

BEFORE = "portfolios/sql/110_position_open.sql"


class Migration(migrations.Migration):
    dependencies = [("portfolios", "0037_firm_change")]
    operations = [
        run_sql_file(
            "portfolios/sql/132_rollup_position_bucket.sql",
            role="helio_rollup",
            reverse=view_as_in(BEFORE, "rollup.exposure_day") + "DROP VIEW rollup.position_bucket;",
        ),
        run_sql_file(
            "portfolios/sql/133_figures_position_bucket.sql",
            role="helio_gate",
            reverse="DROP VIEW figures.position_bucket",
        ),
    ]
