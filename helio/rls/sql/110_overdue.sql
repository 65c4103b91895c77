-- Purpose: ends what the web role keeps open too long. Its limits are set for it (010_roles.sql), but
--          PostgreSQL lets every role raise its own: an injected SET would hold rows and locks for ever.
-- Grain:   one row per session ended.
-- Owner:   helio_guard.  Callers: helio_worker, every minute (helio/rls/tasks.py).

CREATE FUNCTION security.end_overdue(statement_limit interval, idle_limit interval)
RETURNS TABLE (pid integer, state text, seconds integer)
LANGUAGE sql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    -- Found first and ended then: as one condition among others, the ending could come before them.
    WITH overdue AS MATERIALIZED (
        SELECT a.pid, a.state, extract(epoch FROM clock_timestamp() - a.state_change)::integer AS seconds
          FROM pg_stat_activity AS a
         WHERE a.usename = 'helio_web' AND a.datname = current_database()
           AND (a.state = 'active' AND a.query_start < clock_timestamp() - statement_limit
                OR a.state LIKE 'idle in transaction%' AND a.state_change < clock_timestamp() - idle_limit)
    )
    SELECT overdue.pid, overdue.state, overdue.seconds FROM overdue WHERE pg_terminate_backend(overdue.pid)
$$;

REVOKE ALL ON FUNCTION security.end_overdue(interval, interval) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION security.end_overdue(interval, interval) TO helio_worker;
