"""Events are noted where they happen and chained at the commit; one door into the trail."""

from django.db import migrations

from helio.rls.sqlfile import function_as_in, run_sql_file

SQL = "helio/audit/sql/"
NOTES_AS_BEFORE = (
    "DROP TABLE public.audit_note;"
    "GRANT INSERT ON public.audit_event TO helio_web, helio_worker;"
    "CREATE POLICY records_own ON public.audit_event FOR INSERT TO helio_web"
    " WITH CHECK (actor_id = (SELECT security.uid()));"
    "CREATE POLICY worker_records ON public.audit_event FOR INSERT TO helio_worker"
    " WITH CHECK (true)"
)
DOOR_AS_BEFORE = "\n".join(
    (
        function_as_in(SQL + "0001_chain.sql", "security.audit_link"),
        function_as_in(SQL + "0007_ingest.sql", "security.audit_ingest"),
        "DROP FUNCTION security.record, security.audit_commit CASCADE",
    )
)


class Migration(migrations.Migration):
    dependencies = [("audit", "0007_ingest")]
    operations = [
        run_sql_file(SQL + "0009_notes.sql", reverse=NOTES_AS_BEFORE),
        run_sql_file(SQL + "0010_record.sql", role="helio_guard", reverse=DOOR_AS_BEFORE),
        run_sql_file(
            SQL + "0011_note_trigger.sql", reverse="DROP TRIGGER audit_commit ON audit_note"
        ),
    ]
