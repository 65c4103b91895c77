from django.db import migrations

from helio.rls.sqlfile import run_sql_file


class Migration(migrations.Migration):
    dependencies = [("django_celery_beat", "0019_alter_periodictasks_options")]
    operations = [
        run_sql_file(
            "helio/sql/0001_schedule_rights.sql",
            reverse="REVOKE ALL ON django_celery_beat_clockedschedule,"
            " django_celery_beat_crontabschedule, django_celery_beat_intervalschedule,"
            " django_celery_beat_periodictask, django_celery_beat_periodictasks,"
            " django_celery_beat_solarschedule FROM helio_worker, helio_audit, helio_backup",
        )
    ]
