"""Who may read and edit the schedule."""

from django.db import migrations

from helio.rls.sqlfile import run_sql_file

REVERSE = """
    CALL security.release(
        'django_celery_beat_periodictask', 'django_celery_beat_intervalschedule',
        'django_celery_beat_crontabschedule', 'django_celery_beat_periodictasks');
    REVOKE ALL ON SEQUENCE django_celery_beat_intervalschedule_id_seq,
                           django_celery_beat_crontabschedule_id_seq FROM helio_web;
    GRANT SELECT, INSERT, UPDATE, DELETE ON
        django_celery_beat_periodictask, django_celery_beat_intervalschedule,
        django_celery_beat_crontabschedule, django_celery_beat_periodictasks TO helio_worker
"""


class Migration(migrations.Migration):
    dependencies = [("helio", "0001_schedule_rights"), ("accounts", "0002_security")]
    operations = [run_sql_file("helio/sql/0002_schedule_in_the_admin.sql", reverse=REVERSE)]
