"""Who saw which portfolio, once a session."""

from django.db import migrations

from helio.rls.sqlfile import run_sql_file

SQL = "helio/audit/sql/"


class Migration(migrations.Migration):
    dependencies = [("audit", "0009_changes"), ("rls", "0004_remembered_perimeter")]
    operations = [
        run_sql_file(SQL + "0014_sights.sql", reverse="DROP TABLE session_sight"),
        run_sql_file(
            SQL + "0015_sight_doors.sql",
            role="helio_guard",
            reverse="DROP FUNCTION security.note_sight, security.clear_sights",
        ),
    ]
