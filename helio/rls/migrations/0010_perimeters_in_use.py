"""The refresh may ask which perimeters are in use, to keep their sums ready."""

from django.db import migrations

from helio.rls.sqlfile import run_sql_file


class Migration(migrations.Migration):
    dependencies = [("rls", "0009_mark")]
    operations = [
        run_sql_file(
            "helio/rls/sql/140_perimeters_in_use.sql",
            role="helio_guard",
            reverse="DROP FUNCTION security.perimeters_in_use(timestamptz, integer)",
        ),
    ]
