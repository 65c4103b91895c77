"""A watch over sessions that raised their own limits, and a floor for what is for staff."""

from django.db import migrations

from helio.rls.sqlfile import run_sql_file

STAFF_AS_BEFORE = """
CREATE OR REPLACE PROCEDURE security.staff(relation regclass, VARIADIC roles text[])
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    CALL security.force(relation);
    EXECUTE format('CREATE POLICY staff ON %s FOR SELECT TO helio_web '
                   'USING ((SELECT security.has_role(VARIADIC %L::text[])))', relation, roles);
END
$$
"""


class Migration(migrations.Migration):
    dependencies = [("rls", "0006_view_as")]
    operations = [
        run_sql_file(
            "helio/rls/sql/110_overdue.sql",
            role="helio_guard",
            reverse="DROP FUNCTION security.end_overdue(interval, interval)",
        ),
        run_sql_file("helio/rls/sql/120_staff.sql", role="helio_guard", reverse=STAFF_AS_BEFORE),
    ]
