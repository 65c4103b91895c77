"""What operations may write, what a source line became, and the line behind a price."""

from django.db import migrations

from helio.rls.sqlfile import run_sql_file

TAKE_BACK = """
    DROP POLICY staff ON source_part;
    REVOKE SELECT ON source_part FROM helio_web;
    DROP TRIGGER exception_item_is_only_set_aside ON exception_item;
    DROP FUNCTION public.exception_item_is_only_set_aside();
    DROP POLICY operations_decides ON exception_item;
    REVOKE UPDATE (state, outcome, settled_at, settled_by_id, owner_id, note)
        ON exception_item FROM helio_web;
    REVOKE INSERT (file_id, exception_ids, made_by_id) ON resend FROM helio_web;
    REVOKE INSERT (kind, source_id, state, asked_by_id) ON work_request FROM helio_web;
    REVOKE USAGE ON SEQUENCE resend_id_seq, work_request_id_seq FROM helio_web, helio_worker;
    CALL security.release('resend', 'work_request')
"""


class Migration(migrations.Migration):
    dependencies = [
        ("ingestion", "0005_requests_of_operations"),
        ("portfolios", "0010_price_by_file"),
    ]
    operations = [
        run_sql_file("ingestion/operations/sql/010_secure.sql", reverse=TAKE_BACK),
        run_sql_file(
            "ingestion/operations/sql/020_line_fact.sql",
            role="helio_rollup",
            reverse="DROP VIEW rollup.line_fact",
        ),
        run_sql_file(
            "ingestion/operations/sql/030_figures_line_fact.sql",
            role="helio_gate",
            reverse="DROP VIEW figures.line_fact",
        ),
        run_sql_file(
            "ingestion/operations/sql/040_market_line.sql",
            role="helio_rollup",
            reverse="DROP VIEW rollup.market_line",
        ),
        run_sql_file(
            "ingestion/operations/sql/050_figures_market_line.sql",
            role="helio_gate",
            reverse="DROP VIEW figures.market_line",
        ),
    ]
