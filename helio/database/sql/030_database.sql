-- Purpose: who may connect to this database. Not copied with a template, so every copy runs it.
-- Owner:   run by a superuser or the database's owner, inside the database. Repeatable.

DO $$
DECLARE
    here text := quote_ident(current_database());
BEGIN
    EXECUTE 'REVOKE ALL ON DATABASE ' || here || ' FROM PUBLIC';
    EXECUTE 'GRANT CONNECT ON DATABASE ' || here || ' TO helio_web, helio_audit, helio_backup, helio_migrate';
    -- The worker merges through temporary tables; the web role has no place of its own at all.
    EXECUTE 'GRANT CONNECT, TEMPORARY ON DATABASE ' || here || ' TO helio_worker';
    -- A concurrent refresh compares through a temporary table, made as the view's owner.
    EXECUTE 'GRANT TEMPORARY ON DATABASE ' || here || ' TO helio_rollup';
END
$$;
