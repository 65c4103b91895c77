"""People of two teams who see the same may share one rendering."""

from django.db import migrations

from helio.rls.sqlfile import function_as_in, run_sql_file


class Migration(migrations.Migration):
    dependencies = [("rls", "0008_rule")]
    operations = [
        run_sql_file(
            "helio/rls/sql/130_mark.sql",
            role="helio_guard",
            reverse=function_as_in("helio/rls/sql/036_pulse.sql", "security.mark_of"),
        ),
    ]
