"""The benchmark's levels and returns divided once, not for every reader."""

from django.db import migrations

from helio.rls.sqlfile import run_sql_file, view_as_in

BEFORE = "portfolios/sql/084_rollup_benchmark.sql"
ASIDE = """
ALTER MATERIALIZED VIEW rollup.benchmark_level RENAME TO benchmark_level_after;
ALTER INDEX rollup.benchmark_level_key RENAME TO benchmark_level_after_key;
"""
RIGHTS = """
CREATE UNIQUE INDEX benchmark_level_key ON rollup.benchmark_level (currency, valued_on);
GRANT SELECT ON rollup.benchmark_level TO helio_gate, helio_worker, helio_audit;
GRANT MAINTAIN ON rollup.benchmark_level TO helio_worker;
DROP MATERIALIZED VIEW rollup.benchmark_level_after;
"""


class Migration(migrations.Migration):
    dependencies = [("portfolios", "0024_grant_reviews")]
    operations = [
        run_sql_file(
            "portfolios/sql/114_benchmark_level.sql",
            role="helio_rollup",
            reverse=ASIDE
            + view_as_in(BEFORE, "rollup.benchmark_level")
            + view_as_in(BEFORE, "rollup.benchmark_day")
            + RIGHTS,
        ),
    ]
