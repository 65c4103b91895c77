"""The hash of a password leaves the model: it is read one at a time, by a signature."""

from django.db import migrations, models

from helio.rls.sqlfile import run_sql_file


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_view_as"),
        ("audit", "0011_one_door"),
        ("rls", "0009_mark"),
        ("signin", "0001_sessions"),
    ]
    operations = [
        migrations.AddField(
            "user",
            "password_mark",
            models.UUIDField(
                editable=False,
                help_text="Another with each password; none where nobody can type one.",
                null=True,
            ),
        ),
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveField("user", "password")]
        ),
        run_sql_file(
            "helio/rls/sql/140_password.sql",
            reverse="DROP TRIGGER person_password_mark ON person;"
            "DROP FUNCTION public.person_password_mark;"
            "ALTER TABLE person ALTER COLUMN password DROP DEFAULT;"
            "GRANT SELECT ON person TO helio_web, helio_worker, helio_audit",
        ),
        run_sql_file(
            "helio/rls/sql/141_password_doors.sql",
            role="helio_guard",
            reverse="DROP FUNCTION security.password_of",
        ),
        run_sql_file(
            "helio/rls/sql/142_password_marks.sql", role="helio_migrate", reverse="SELECT"
        ),
    ]
