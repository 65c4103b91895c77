"""Verification of the signed identity."""

from django.db import migrations

from helio.rls.sqlfile import run_sql_file


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []
    operations = [
        run_sql_file(
            "helio/rls/sql/010_identity.sql",
            role="helio_guard",
            reverse="DROP FUNCTION security.uid, security.transaction_start;"
            "DROP TABLE security.signing_key",
        ),
    ]
