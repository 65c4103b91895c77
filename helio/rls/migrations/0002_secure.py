"""Procedures with which every table is secured the same way."""

from django.db import migrations

from helio.rls.sqlfile import run_sql_file


class Migration(migrations.Migration):
    dependencies = [("rls", "0001_identity")]
    operations = [
        run_sql_file(
            "helio/rls/sql/040_secure.sql",
            role="helio_guard",
            reverse="DROP PROCEDURE security.release, security.staff, security.share,"
            " security.secure, security.force",
        ),
    ]
