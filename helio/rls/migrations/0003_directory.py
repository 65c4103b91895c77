"""Names of portfolios for those who give access to them."""

from django.db import migrations

from helio.rls.sqlfile import run_sql_file


class Migration(migrations.Migration):
    dependencies = [("rls", "0002_secure"), ("portfolios", "0003_security")]
    operations = [
        run_sql_file(
            "helio/rls/sql/045_directory.sql",
            role="helio_guard",
            reverse="DROP FUNCTION security.directory()",
        ),
    ]
