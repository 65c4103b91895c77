"""One meaning per code, who may read what was received, and the line behind a fact."""

from django.db import migrations

from helio.rls.sqlfile import run_sql_file

RELEASE = """
    CALL security.release(
        'source', 'identifier', 'batch', 'source_file', 'source_text', 'exception_item',
        'source_part', 'event_version', 'portfolio_key')
"""


class Migration(migrations.Migration):
    dependencies = [("ingestion", "0002_staging"), ("portfolios", "0003_security")]
    operations = [
        run_sql_file(
            "ingestion/crosswalk/sql/010_exclusion.sql",
            reverse="ALTER TABLE identifier DROP CONSTRAINT identifier_means_one_listing;"
            " ALTER TABLE portfolio_key DROP CONSTRAINT key_means_one_portfolio",
        ),
        run_sql_file("ingestion/landing/sql/010_secure.sql", reverse=RELEASE),
        run_sql_file(
            "ingestion/landing/sql/020_fact_line.sql",
            role="helio_rollup",
            reverse="DROP VIEW rollup.fact_line",
        ),
        run_sql_file(
            "ingestion/landing/sql/030_source_line.sql",
            role="helio_gate",
            reverse="DROP VIEW figures.source_line",
        ),
    ]
