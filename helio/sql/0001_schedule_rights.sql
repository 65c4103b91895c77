-- Purpose: beat keeps its schedule in the database; it works as helio_worker.
-- Owner:   helio_owner.  Readers: helio_worker alone. The schedule belongs to no portfolio.

GRANT SELECT, INSERT, UPDATE, DELETE ON
    django_celery_beat_clockedschedule,
    django_celery_beat_crontabschedule,
    django_celery_beat_intervalschedule,
    django_celery_beat_periodictask,
    django_celery_beat_periodictasks,
    django_celery_beat_solarschedule
    TO helio_worker;
GRANT SELECT ON
    django_celery_beat_clockedschedule,
    django_celery_beat_crontabschedule,
    django_celery_beat_intervalschedule,
    django_celery_beat_periodictask,
    django_celery_beat_periodictasks,
    django_celery_beat_solarschedule
    TO helio_audit, helio_backup;
