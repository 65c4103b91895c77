"""What is contested in one part of a large file is emptied before the next."""

from django.db import migrations

from helio.rls.sqlfile import run_sql_file


class Migration(migrations.Migration):
    dependencies = [("ingestion", "0017_precedence")]
    operations = [
        run_sql_file(
            "ingestion/staging/sql/040_contested_parts.sql",
            reverse="REVOKE TRUNCATE ON staging.contested FROM helio_worker",
        )
    ]
