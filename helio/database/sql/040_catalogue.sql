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
