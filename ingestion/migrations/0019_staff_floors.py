"""The restrictive floor of what is for staff, for the tables that were secured without one."""

from django.db import migrations

from helio.rls.sqlfile import run_sql_file

REVERSE = """
DO $$
DECLARE
    floor record;
BEGIN
    FOR floor IN SELECT polrelid::regclass AS relation FROM pg_policy WHERE polname = 'staff_floor' LOOP
        EXECUTE format('DROP POLICY staff_floor ON %s', floor.relation);
    END LOOP;
END
$$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("ingestion", "0018_contested_parts"),
        ("portfolios", "0024_grant_reviews"),
        ("rls", "0007_watch_and_floors"),
    ]
    operations = [run_sql_file("helio/rls/sql/121_staff_floors.sql", reverse=REVERSE)]
