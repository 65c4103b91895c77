-- Purpose: the schemas of one database, in the order the data goes through them, and who may enter.
-- Grain:   one schema per stage: staging → public (facts, derived) → rollup → figures; security beside.
-- Owner:   run by a superuser or the database's owner, inside the database. Repeatable.
-- Readers: 010_roles.sql names the roles; what a role may read is granted table by table.

CREATE EXTENSION IF NOT EXISTS btree_gist;

ALTER SCHEMA public OWNER TO helio_owner;
CREATE SCHEMA IF NOT EXISTS staging  AUTHORIZATION helio_owner;
CREATE SCHEMA IF NOT EXISTS security AUTHORIZATION helio_guard;
CREATE SCHEMA IF NOT EXISTS rollup   AUTHORIZATION helio_rollup;
CREATE SCHEMA IF NOT EXISTS figures  AUTHORIZATION helio_gate;

REVOKE ALL ON SCHEMA public, staging, security, rollup, figures FROM PUBLIC;

GRANT USAGE ON SCHEMA public, security, figures TO helio_web;
GRANT USAGE ON SCHEMA public, security, staging, rollup TO helio_worker;
GRANT USAGE ON SCHEMA public, security, staging, rollup, figures TO helio_audit;
-- First set-up writes the first people and grants as the migration role itself.
GRANT USAGE ON SCHEMA public, security TO helio_migrate;
-- The owners of views and functions reach what they are built on, schema by schema.
GRANT USAGE ON SCHEMA security TO helio_owner;
GRANT USAGE ON SCHEMA public, security TO helio_rollup;
GRANT USAGE ON SCHEMA public, security, rollup TO helio_gate;
GRANT USAGE ON SCHEMA public TO helio_guard;

-- A new function is callable by everybody unless somebody remembers to say otherwise: say it here.
ALTER DEFAULT PRIVILEGES FOR ROLE helio_owner  REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE helio_rollup REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE helio_gate   REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE helio_guard  REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
