"""Staging tables take whole columns: what a file leaves out is left out of the copy too."""

from django.db import migrations

from helio.rls.sqlfile import run_sql_file

# Staging is empty between loads, so the old rule holds again at once.
REVERSE = """
    DROP TABLE staging.renewed, staging.rival;
    DO $$
    DECLARE
        staged record;
    BEGIN
        FOR staged IN
            SELECT attrelid::regclass AS name
              FROM pg_attribute
              JOIN pg_class ON pg_class.oid = attrelid
             WHERE relnamespace = 'staging'::regnamespace AND relkind = 'r' AND attname = 'scope'
        LOOP
            EXECUTE format('ALTER TABLE %s ALTER scope SET NOT NULL', staged.name);
        END LOOP;
    END
    $$
"""


class Migration(migrations.Migration):
    dependencies = [("ingestion", "0013_finding_views")]
    operations = [run_sql_file("ingestion/staging/sql/020_columns.sql", reverse=REVERSE)]
