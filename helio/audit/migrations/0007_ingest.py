"""An event for every batch that ends, whose app knows nothing of audit."""

from django.db import migrations

from helio.rls.sqlfile import run_sql_file


class Migration(migrations.Migration):
    dependencies = [("audit", "0006_portfolio_access"), ("ingestion", "0003_security")]
    operations = [
        run_sql_file(
            "helio/audit/sql/0007_ingest.sql",
            role="helio_guard",
            reverse="DROP FUNCTION security.audit_ingest CASCADE",
        ),
        run_sql_file(
            "helio/audit/sql/0008_ingest_trigger.sql",
            reverse="DROP TRIGGER IF EXISTS audit_ingest ON batch",
        ),
    ]
