"""Who may see findings, and the one way in which a person may move one."""

from django.db import migrations

from helio.rls.sqlfile import run_sql_file

RELEASE = """
    CALL security.release(
        'quality_run', 'finding', 'finding_event', 'repeated_record', 'reconciliation_day',
        'reconciliation_line', 'file_columns', 'published_figure');
    ALTER TABLE finding_event DROP CONSTRAINT a_decision_has_a_reason;
    ALTER TABLE finding_event DROP CONSTRAINT an_assignment_names_somebody;
    REVOKE ALL ON finding FROM helio_guard
"""
BY_BATCH = (
    "DROP INDEX transaction_by_batch, price_by_batch, custody_holding_by_batch,"
    " custody_posting_by_batch, event_version_by_batch"
)


class Migration(migrations.Migration):
    dependencies = [
        ("ingestion", "0009_findings"),
        ("portfolios", "0010_issuer"),
        ("audit", "0007_ingest"),
    ]
    operations = [
        run_sql_file("ingestion/quality/sql/010_secure.sql", reverse=RELEASE),
        run_sql_file(
            "ingestion/quality/sql/020_step.sql",
            role="helio_guard",
            reverse="DROP FUNCTION security.finding_step CASCADE",
        ),
        run_sql_file(
            "ingestion/quality/sql/030_step_trigger.sql",
            reverse="DROP TRIGGER IF EXISTS finding_step ON finding_event",
        ),
        run_sql_file(
            "ingestion/quality/sql/040_rollup_finding.sql",
            role="helio_rollup",
            reverse="DROP VIEW rollup.finding, rollup.holder",
        ),
        run_sql_file(
            "ingestion/quality/sql/050_figures_finding.sql",
            role="helio_gate",
            reverse="DROP VIEW figures.finding",
        ),
        run_sql_file("ingestion/quality/sql/060_by_batch.sql", reverse=BY_BATCH),
    ]
