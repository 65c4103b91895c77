"""Operations write whole rows of what they ask for."""

from django.db import migrations

from helio.rls.sqlfile import run_sql_file

TAKE_BACK = """
    REVOKE INSERT ON resend, work_request FROM helio_web;
    GRANT INSERT (file_id, exception_ids, made_by_id) ON resend TO helio_web;
    GRANT INSERT (kind, source_id, state, asked_by_id) ON work_request TO helio_web
"""


class Migration(migrations.Migration):
    dependencies = [("ingestion", "0011_mapping_proposals")]
    operations = [run_sql_file("ingestion/operations/sql/060_insert.sql", reverse=TAKE_BACK)]
