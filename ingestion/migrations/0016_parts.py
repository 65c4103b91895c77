"""A large file is loaded part by part: the worker may empty what it has staged."""

from django.db import migrations

from helio.rls.sqlfile import run_sql_file

REVERSE = """
    REVOKE TRUNCATE ON staging.event, staging.price, staging.posting, staging.holding,
                       staging.reject, staging.renewed, staging.rival FROM helio_worker
"""


class Migration(migrations.Migration):
    dependencies = [("ingestion", "0015_bytes_once")]
    operations = [run_sql_file("ingestion/staging/sql/030_parts.sql", reverse=REVERSE)]
