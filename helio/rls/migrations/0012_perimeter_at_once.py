"""The perimeter of people with hundreds of portfolios in half the time."""

from django.db import migrations

from helio.rls.sqlfile import function_as_in, run_sql_file

SQL = "helio/rls/sql/"
AS_BEFORE = "\n".join(
    (
        function_as_in(SQL + "030_perimeter.sql", "security.perimeter_of"),
        function_as_in(SQL + "080_remembered_perimeter.sql", "security.perimeter_until"),
    )
)


class Migration(migrations.Migration):
    dependencies = [("rls", "0011_access_now")]
    operations = [
        run_sql_file(SQL + "144_perimeter_at_once.sql", role="helio_guard", reverse=AS_BEFORE),
    ]
