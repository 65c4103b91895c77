"""The bytes of a text are kept once, as its lines. What was landed before keeps both."""

from pathlib import Path

from django.conf import settings
from django.db import migrations, models

from helio.rls.sqlfile import run_sql_file

# Gives every text that is kept once its bytes back; the owner of the tables sees their rows so.
BYTES_AGAIN = """
    ALTER TABLE source_part NO FORCE ROW LEVEL SECURITY;
    ALTER TABLE source_text NO FORCE ROW LEVEL SECURITY;
    ALTER TABLE source_file NO FORCE ROW LEVEL SECURITY;
    INSERT INTO source_part (file_id, part_no, body)
    SELECT text.file_id, row_number() OVER (PARTITION BY text.file_id ORDER BY text.first_line) - 1,
           convert_to(text.body, 'UTF8')
      FROM source_text AS text
      JOIN source_file AS file ON file.id = text.file_id
     WHERE file.bytes_are_text AND file.bytes_expired_at IS NULL;
    SET CONSTRAINTS ALL IMMEDIATE;
    ALTER TABLE source_part FORCE ROW LEVEL SECURITY;
    ALTER TABLE source_text FORCE ROW LEVEL SECURITY;
    ALTER TABLE source_file FORCE ROW LEVEL SECURITY
"""
EXPIRE_BEFORE = Path(settings.BASE_DIR, "ingestion/landing/sql/040_expire.sql").read_text("utf-8")


class Migration(migrations.Migration):
    dependencies = [("ingestion", "0014_staging_of_columns")]
    operations = [
        migrations.AddField(
            "sourcefile",
            "bytes_are_text",
            models.BooleanField(
                default=False,
                db_default=False,
                help_text="Its bytes are its text in UTF-8: they are kept once, as text.",
            ),
        ),
        migrations.RunSQL("", BYTES_AGAIN),
        run_sql_file(
            "ingestion/landing/sql/042_expire_text.sql",
            reverse=f"DROP FUNCTION security.expire_bytes(boolean, integer); {EXPIRE_BEFORE}",
            role="helio_guard",
        ),
    ]
