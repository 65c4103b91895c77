"""Who may ask for fetches and upload; and the one way in which received bytes expire."""

from django.db import migrations

from helio.rls.sqlfile import run_sql_file

RELEASE = """
    DROP POLICY bring ON upload_part;
    DROP POLICY bring ON uploaded_file;
    CALL security.release(
        'fetch_state', 'fetch_run', 'remote_file', 'upload', 'uploaded_file', 'upload_part')
"""
REVOKE = """
    DROP POLICY expire ON source;
    DROP POLICY expire ON source_file;
    DROP POLICY expire_mark ON source_file;
    DROP POLICY expire ON source_part;
    DROP POLICY expire_end ON source_part;
    REVOKE SELECT (id, name, keep_bytes_days) ON source FROM helio_guard;
    REVOKE SELECT, UPDATE (bytes_expired_at) ON source_file FROM helio_guard;
    REVOKE SELECT (file_id), DELETE ON source_part FROM helio_guard
"""


class Migration(migrations.Migration):
    dependencies = [("ingestion", "0007_ways")]
    operations = [
        run_sql_file("ingestion/ways/sql/010_secure.sql", reverse=RELEASE),
        run_sql_file("ingestion/landing/sql/041_expire_rights.sql", reverse=REVOKE),
        run_sql_file(
            "ingestion/landing/sql/040_expire.sql",
            role="helio_guard",
            reverse="DROP FUNCTION security.expire_bytes(boolean, integer)",
        ),
    ]
