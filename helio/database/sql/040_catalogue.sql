-- Purpose: closes what PostgreSQL lets everybody see or make without asking.
-- Owner:   run by a superuser, inside the database; others may leave it out (doctor then warns).
--          Repeatable.

-- All web connections share one role, so each would see the others' statements and parameters.
REVOKE SELECT ON pg_catalog.pg_stat_activity FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION
    pg_catalog.pg_stat_get_activity(integer),
    pg_catalog.pg_stat_get_backend_activity(integer)
    FROM PUBLIC;
GRANT SELECT ON pg_catalog.pg_stat_activity TO pg_monitor;
GRANT EXECUTE ON FUNCTION
    pg_catalog.pg_stat_get_activity(integer),
    pg_catalog.pg_stat_get_backend_activity(integer)
    TO pg_monitor;

-- Large objects need no CREATE right: without this, anybody can park data in the database.
REVOKE EXECUTE ON FUNCTION
    pg_catalog.lo_create(oid),
    pg_catalog.lo_creat(integer),
    pg_catalog.lo_from_bytea(oid, bytea)
    FROM PUBLIC;

-- All web connections are one role: each could end the others' sessions, or cancel what they do.
REVOKE EXECUTE ON FUNCTION
    pg_catalog.pg_terminate_backend(integer, bigint),
    pg_catalog.pg_cancel_backend(integer)
    FROM PUBLIC;

-- Whoever may lock by number can hold up every refresh, load and event of the trail, and tell
-- another session something: only those that work through such locks may take them.
DO $$
DECLARE
    locking regprocedure;
BEGIN
    FOR locking IN SELECT oid FROM pg_catalog.pg_proc
                    WHERE pronamespace = 'pg_catalog'::regnamespace
                      AND (proname LIKE 'pg\_advisory\_%' OR proname LIKE 'pg\_try\_advisory\_%') LOOP
        EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', locking);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO helio_worker, helio_guard, helio_owner, helio_migrate',
                       locking);
    END LOOP;
END
$$;

-- A role can raise its own time limits: helio_guard's watch ends what overstays (helio/rls/sql/110).
GRANT pg_monitor, pg_signal_backend TO helio_guard;
GRANT EXECUTE ON FUNCTION pg_catalog.pg_terminate_backend(integer, bigint) TO helio_guard;
