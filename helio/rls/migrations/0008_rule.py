"""The text of the rule, with what looking as somebody else rests on."""

from django.db import migrations

from helio.rls.sqlfile import function_as_in, run_sql_file

SQL = "helio/rls/sql/"


class Migration(migrations.Migration):
    dependencies = [("rls", "0007_watch_and_floors")]
    operations = [
        run_sql_file(
            SQL + "103_rule.sql",
            role="helio_guard",
            reverse=function_as_in(SQL + "100_rule.sql", "security.rule"),
        ),
    ]
