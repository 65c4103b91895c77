"""Who could see what, of one person or some portfolios, from their own history."""

from django.db import migrations

from helio.rls.sqlfile import run_sql_file


class Migration(migrations.Migration):
    dependencies = [("rls", "0012_perimeter_at_once")]
    operations = [
        run_sql_file(
            "helio/rls/sql/145_effective_of.sql",
            role="helio_guard",
            reverse="DROP FUNCTION security.effective_of;",
        ),
    ]
