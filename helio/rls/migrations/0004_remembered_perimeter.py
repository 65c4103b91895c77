"""A cheaper identity, and a perimeter that is judged once in a transaction."""

from django.db import migrations

from helio.rls.sqlfile import function_as_in, run_sql_file

SQL = "helio/rls/sql/"
UID_AS_BEFORE = "\n".join(
    (
        function_as_in(SQL + "010_identity.sql", "security.uid"),
        function_as_in(SQL + "020_roles.sql", "security.person_has_role"),
        function_as_in(SQL + "020_roles.sql", "security.has_role"),
        "DROP FUNCTION security.is_signed, security.message_of;",
    )
)
PERIMETER_AS_BEFORE = "\n".join(
    (
        function_as_in(SQL + "030_perimeter.sql", "security.perimeter"),
        "DROP FUNCTION security.enter, security.perimeter_until;",
    )
)


class Migration(migrations.Migration):
    dependencies = [("rls", "0003_directory")]
    operations = [
        run_sql_file(SQL + "070_uid.sql", role="helio_guard", reverse=UID_AS_BEFORE),
        run_sql_file(
            SQL + "080_remembered_perimeter.sql", role="helio_guard", reverse=PERIMETER_AS_BEFORE
        ),
    ]
