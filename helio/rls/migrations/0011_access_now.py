"""Who sees what at this moment, from the rows in force; and spans of some people and portfolios."""

from django.db import migrations

from helio.rls.sqlfile import function_as_in, run_sql_file

SQL = "helio/rls/sql/"
BEFORE = SQL + "097_effective_access.sql"
AS_BEFORE = "\n".join(
    (
        """
        DROP FUNCTION security.effective_choices, security.effective_now, security.access_now;
        """,
        function_as_in(BEFORE, "security.effective_access"),
        """
        DROP FUNCTION security.effective_access(timestamptz, timestamptz, bigint[], integer[]);
        """,
        function_as_in(BEFORE, "security.recorded"),
        "REVOKE ALL ON FUNCTION security.recorded(text) FROM PUBLIC;",
        function_as_in(BEFORE, "security.access_spans"),
        """
        DROP FUNCTION security.recorded(text, bigint[], integer[]);
        DROP INDEX security.access_history_person, security.access_history_group;
        """,
    )
)


class Migration(migrations.Migration):
    dependencies = [("rls", "0010_perimeters_in_use")]
    operations = [
        run_sql_file(SQL + "143_access_now.sql", role="helio_guard", reverse=AS_BEFORE),
    ]
