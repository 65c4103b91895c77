"""Which portfolios a version changed is for the worker alone."""

from django.db import migrations

from helio.rls.sqlfile import run_sql_file


class Migration(migrations.Migration):
    dependencies = [("portfolios", "0025_benchmark_level")]
    operations = [
        migrations.AlterModelOptions("version", {"base_manager_name": "objects"}),
        run_sql_file(
            "portfolios/sql/115_version_columns.sql",
            reverse="DROP POLICY gate ON version; REVOKE SELECT ON version FROM helio_gate, helio_web;"
            "GRANT SELECT ON version TO helio_web",
        ),
        run_sql_file(
            "portfolios/sql/116_figures_version_portfolio.sql",
            role="helio_gate",
            reverse="DROP VIEW figures.version_portfolio",
        ),
    ]
