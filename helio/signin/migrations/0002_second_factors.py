"""Second factors are read by their owner and by who is about to prove them."""

from django.db import migrations

from helio.rls.sqlfile import run_sql_file

SQL = "helio/signin/sql/"


class Migration(migrations.Migration):
    dependencies = [
        ("signin", "0001_sessions"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("account", "0009_emailaddress_unique_primary_email"),
        ("socialaccount", "0006_alter_socialaccount_extra_data"),
        ("rls", "0004_remembered_perimeter"),
    ]
    operations = [
        run_sql_file(
            SQL + "060_pending.sql",
            role="helio_guard",
            reverse="DROP FUNCTION security.pending CASCADE; DROP FUNCTION security.await",
        ),
        run_sql_file(
            SQL + "070_second_factor.sql",
            reverse="CALL security.release('mfa_authenticator');"
            "REVOKE ALL ON mfa_authenticator FROM helio_guard",
        ),
        run_sql_file(
            SQL + "080_second_factor_doors.sql",
            role="helio_guard",
            reverse="DROP FUNCTION security.audit_factor, security.reset_second_factor",
        ),
        run_sql_file(
            SQL + "090_second_factor_trigger.sql",
            reverse="DROP TRIGGER audit_factor ON mfa_authenticator",
        ),
        run_sql_file(SQL + "100_closed_tables.sql", reverse="SELECT 1"),
    ]
