"""Sessions that cannot be taken over by who reads them, passwords that are due, tries counted."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from helio.rls.sqlfile import function_as_in, run_sql_file

SQL = "helio/signin/sql/"
PULSE_AS_BEFORE = (
    function_as_in("helio/rls/sql/036_pulse.sql", "security.pulse")
    + "DROP FUNCTION security.session_read, security.session_write, security.session_used,"
    " security.session_end, security.end_own_sessions, security.clear_sessions,"
    " security.password_set"
)


class Migration(migrations.Migration):
    initial = True
    dependencies = [
        ("accounts", "0003_roles"),
        ("portfolios", "0003_security"),
        ("rls", "0006_view_as"),
        ("audit", "0008_notes"),
    ]
    operations = [
        run_sql_file(
            SQL + "010_session.sql",
            reverse="DROP TABLE person_session;"
            "GRANT SELECT, INSERT, UPDATE, DELETE ON django_session TO helio_web;"
            "GRANT SELECT ON django_session TO helio_guard",
        ),
        run_sql_file(SQL + "015_password_due.sql", reverse="DROP TABLE password_due"),
        run_sql_file(SQL + "020_session_doors.sql", role="helio_guard", reverse=PULSE_AS_BEFORE),
        run_sql_file(
            SQL + "030_session_trigger.sql", reverse="DROP TRIGGER password_set ON person"
        ),
        run_sql_file(SQL + "040_throttle.sql", reverse="DROP TABLE sign_in_try"),
        run_sql_file(
            SQL + "050_throttle_doors.sql",
            role="helio_guard",
            reverse="DROP FUNCTION security.try_sign_in, security.signed_in, security.clear_tries",
        ),
        migrations.CreateModel(
            name="Session",
            fields=[
                (
                    "session_key",
                    models.TextField(
                        help_text="SHA-256 of what the cookie holds.",
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("started_at", models.DateTimeField()),
                ("used_at", models.DateTimeField()),
                ("idle_until", models.DateTimeField()),
                ("expire_date", models.DateTimeField()),
                ("address", models.TextField()),
                ("device", models.TextField()),
            ],
            options={"db_table": "person_session", "ordering": ["-used_at"], "managed": False},
        ),
        migrations.CreateModel(
            name="PasswordDue",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("since", models.DateTimeField()),
            ],
            options={"db_table": "password_due", "managed": False},
        ),
    ]
