"""Numbers, dates, signs and chains each event; refuses every change."""

from django.db import migrations

from helio.rls.sqlfile import run_sql_file


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial"), ("rls", "0002_secure")]
    operations = [
        run_sql_file(
            "helio/audit/sql/0001_chain.sql",
            role="helio_guard",
            reverse="DROP FUNCTION security.audit_link, security.audit_refuse,"
            "security.note_failed_sign_in, security.audit_hash, security.netstring CASCADE",
        ),
    ]
