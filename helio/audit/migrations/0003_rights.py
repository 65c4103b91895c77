"""Insert and read, nothing else, for anybody."""

from django.db import migrations

from helio.rls.sqlfile import run_sql_file


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_chain"), ("accounts", "0002_security")]
    operations = [
        run_sql_file(
            "helio/audit/sql/0002_rights.sql",
            reverse="DROP TRIGGER audit_link ON audit_event;"
            "DROP TRIGGER audit_refuse ON audit_event;"
            "CALL security.release('audit_event')",
        ),
    ]
