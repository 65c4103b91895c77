"""Looking as somebody else: an identity that names two people."""

from django.db import migrations

from helio.rls.sqlfile import function_as_in, run_sql_file

SQL = "helio/rls/sql/"
AS_BEFORE = "\n".join(
    (
        function_as_in(SQL + "070_uid.sql", "security.uid"),
        function_as_in(SQL + "080_remembered_perimeter.sql", "security.enter"),
        """
        DROP FUNCTION security.view_as_noted, security.viewer, security.viewed,
            security.viewing_until, security.may_view_as;
        """,
    )
)
TABLE_AS_BEFORE = """
    DROP TRIGGER view_as_noted ON view_as;
    DROP TRIGGER view_as_guard ON view_as;
    DROP FUNCTION public.view_as_guard;
    CALL security.release('view_as')
"""


class Migration(migrations.Migration):
    dependencies = [("rls", "0005_access_history"), ("accounts", "0007_view_as")]
    operations = [
        run_sql_file(SQL + "101_viewing.sql", role="helio_guard", reverse=AS_BEFORE),
        run_sql_file(SQL + "102_view_as.sql", reverse=TABLE_AS_BEFORE),
    ]
