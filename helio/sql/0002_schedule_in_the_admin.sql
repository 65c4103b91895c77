-- Purpose: administrators read the schedule and say when its tasks run, and whether. What a task is
--          stays as it was entered: the worker runs it.
-- Owner:   helio_owner.  Readers: helio_worker (beat), helio_web with the role administrator.

CALL security.staff('django_celery_beat_periodictask', 'administrator');
CALL security.staff('django_celery_beat_intervalschedule', 'administrator');
CALL security.staff('django_celery_beat_crontabschedule', 'administrator');
CALL security.staff('django_celery_beat_periodictasks', 'administrator');

-- Migrations enter tasks.
CREATE POLICY set_up ON django_celery_beat_periodictask TO helio_owner USING (true) WITH CHECK (true);
CREATE POLICY set_up ON django_celery_beat_intervalschedule TO helio_owner USING (true) WITH CHECK (true);
CREATE POLICY set_up ON django_celery_beat_crontabschedule TO helio_owner USING (true) WITH CHECK (true);
CREATE POLICY set_up ON django_celery_beat_periodictasks TO helio_owner USING (true) WITH CHECK (true);

GRANT UPDATE (enabled, interval_id, crontab_id, description, date_changed) ON django_celery_beat_periodictask TO helio_web;
CREATE POLICY administrator ON django_celery_beat_periodictask FOR UPDATE TO helio_web
    USING ((SELECT security.has_role('administrator')))
    WITH CHECK ((SELECT security.has_role('administrator')));

-- When: new intervals and times of day may be entered; those that are there are shared, and stay.
GRANT INSERT ON django_celery_beat_intervalschedule, django_celery_beat_crontabschedule TO helio_web;
GRANT USAGE ON SEQUENCE django_celery_beat_intervalschedule_id_seq,
                        django_celery_beat_crontabschedule_id_seq TO helio_web;
CREATE POLICY administrator ON django_celery_beat_intervalschedule FOR INSERT TO helio_web
    WITH CHECK ((SELECT security.has_role('administrator')));
CREATE POLICY administrator ON django_celery_beat_crontabschedule FOR INSERT TO helio_web
    WITH CHECK ((SELECT security.has_role('administrator')));

-- The mark by which beat sees that something was edited.
GRANT INSERT, UPDATE ON django_celery_beat_periodictasks TO helio_web;
CREATE POLICY administrator ON django_celery_beat_periodictasks TO helio_web
    USING ((SELECT security.has_role('administrator')))
    WITH CHECK ((SELECT security.has_role('administrator')));
