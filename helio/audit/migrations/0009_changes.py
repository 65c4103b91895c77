"""Definitions, mappings and closes leave an event, by whatever way they are written."""

from django.db import migrations

from helio.rls.sqlfile import run_sql_file

SQL = "helio/audit/sql/"
ROWS = ("source", "source_rank", "mapping_proposal", "period_close")
STATEMENTS = ("identifier", "portfolio_key")


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0008_notes"),
        ("ingestion", "0018_contested_parts"),
        ("portfolios", "0021_period_close"),
    ]
    operations = [
        run_sql_file(
            SQL + "0012_changes.sql",
            role="helio_guard",
            reverse="DROP FUNCTION security.audit_change, security.audit_rows",
        ),
        run_sql_file(
            SQL + "0013_change_triggers.sql",
            reverse=";".join(
                [f"DROP TRIGGER audit_change ON {table}" for table in ROWS]
                + [
                    f"DROP TRIGGER audit_{verb} ON {table}"
                    for table in STATEMENTS
                    for verb in ("added", "changed", "removed")
                ]
            ),
        ),
    ]
