-- Purpose: the roles of the cluster. Who may log in owns nothing; who owns cannot log in.
-- Grain:   one role per duty.
-- Owner:   run by a superuser, or by a role with CREATEROLE and BYPASSRLS, in any database.
-- Readers: every connection of Helio is made as one of the login roles. Repeatable.

DO $$
DECLARE
    owner_role text;
    login_role text;
BEGIN
    FOREACH owner_role IN ARRAY ARRAY['helio_owner', 'helio_rollup', 'helio_gate', 'helio_guard'] LOOP
        IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = owner_role) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN', owner_role);
        END IF;
    END LOOP;
    FOREACH login_role IN ARRAY
        ARRAY['helio_web', 'helio_worker', 'helio_migrate', 'helio_audit', 'helio_backup'] LOOP
        IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = login_role) THEN
            EXECUTE format('CREATE ROLE %I LOGIN NOINHERIT', login_role);
        END IF;
    END LOOP;
    -- Asked for only where it is missing: saying it needs rights that a second run may not have.
    IF NOT (SELECT rolbypassrls FROM pg_catalog.pg_roles WHERE rolname = 'helio_backup') THEN
        ALTER ROLE helio_backup BYPASSRLS;
    END IF;
END
$$;

-- Dumps read everything, which is why this role and no other passes row security.
ALTER ROLE helio_backup INHERIT;
GRANT pg_read_all_data TO helio_backup;

-- Migrations work as the owners, one at a time: SET ROLE, never all rights at once.
GRANT helio_owner, helio_rollup, helio_gate, helio_guard TO helio_migrate
    WITH INHERIT FALSE, SET TRUE;

ALTER ROLE helio_web     SET search_path = public, figures;
ALTER ROLE helio_worker  SET search_path = public, figures, rollup;
ALTER ROLE helio_migrate SET search_path = public;
ALTER ROLE helio_audit   SET search_path = public;

-- A page that takes longer than this has failed its reader; a forgotten transaction holds back
-- every vacuum and refresh behind it.
ALTER ROLE helio_web SET statement_timeout = '30s';
ALTER ROLE helio_web SET idle_in_transaction_session_timeout = '60s';
ALTER ROLE helio_web SET lock_timeout = '10s';
ALTER ROLE helio_audit SET default_transaction_read_only = on;
