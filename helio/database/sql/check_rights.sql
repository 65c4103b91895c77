-- Purpose: what a server of one's own still lacks before Helio can use this database.
-- Grain:   one row per missing right: a sentence, and the SQL that gives it.
-- Readers: `manage.py bootstrap` and `manage.py doctor`, as helio_migrate.

WITH wanted_role (name, may_log_in) AS (
    VALUES ('helio_owner', false), ('helio_rollup', false), ('helio_gate', false), ('helio_guard', false),
           ('helio_web', true), ('helio_worker', true), ('helio_migrate', true), ('helio_audit', true),
           ('helio_backup', true)
), wanted_schema (name, owner_name) AS (
    VALUES ('public', 'helio_owner'), ('staging', 'helio_owner'), ('security', 'helio_guard'),
           ('rollup', 'helio_rollup'), ('figures', 'helio_gate')
), wanted_usage (schema_name, role_name) AS (
    VALUES ('public', 'helio_web'), ('security', 'helio_web'), ('figures', 'helio_web'),
           ('public', 'helio_worker'), ('security', 'helio_worker'), ('staging', 'helio_worker'),
           ('rollup', 'helio_worker'), ('security', 'helio_owner'), ('public', 'helio_rollup'),
           ('security', 'helio_rollup'), ('public', 'helio_gate'), ('security', 'helio_gate'),
           ('rollup', 'helio_gate'), ('public', 'helio_guard')
), role_missing AS (
    SELECT format('The role %s is missing.', name),
           format('CREATE ROLE %I %s;', name, CASE WHEN may_log_in THEN 'LOGIN' ELSE 'NOLOGIN' END)
      FROM wanted_role WHERE to_regrole(name) IS NULL
), role_too_strong AS (
    SELECT format('The role %s may pass row security.', rolname),
           format('ALTER ROLE %I NOSUPERUSER NOBYPASSRLS;', rolname)
      FROM pg_roles
     WHERE rolname IN ('helio_web', 'helio_worker', 'helio_owner', 'helio_rollup', 'helio_gate', 'helio_guard')
       AND (rolsuper OR rolbypassrls)
), membership_missing AS (
    SELECT format('helio_migrate cannot become %s.', name),
           format('GRANT %I TO helio_migrate WITH INHERIT FALSE, SET TRUE;', name)
      FROM wanted_role
     WHERE NOT may_log_in AND to_regrole(name) IS NOT NULL AND to_regrole('helio_migrate') IS NOT NULL
       AND NOT pg_has_role(to_regrole('helio_migrate')::oid, to_regrole(name)::oid, 'SET')
), schema_missing AS (
    SELECT format('The schema %s is missing or does not belong to %s.', name, owner_name),
           format('CREATE SCHEMA IF NOT EXISTS %I; ALTER SCHEMA %I OWNER TO %I;', name, name, owner_name)
      FROM wanted_schema
     WHERE NOT EXISTS (SELECT FROM pg_namespace
                        WHERE nspname = name AND nspowner = to_regrole(owner_name)::oid)
), usage_missing AS (
    SELECT format('The role %s cannot enter the schema %s.', role_name, schema_name),
           format('GRANT USAGE ON SCHEMA %I TO %I;', schema_name, role_name)
      FROM wanted_usage
     WHERE to_regrole(role_name) IS NOT NULL AND to_regnamespace(schema_name) IS NOT NULL
       AND NOT has_schema_privilege(to_regrole(role_name)::oid, to_regnamespace(schema_name)::oid, 'USAGE')
), web_too_strong AS (
    SELECT format('helio_web may make %s in this database.', what),
           format('REVOKE %s ON DATABASE %I FROM PUBLIC, helio_web;', privilege, current_database())
      FROM (VALUES ('CREATE', 'schemas'), ('TEMPORARY', 'temporary tables')) AS forbidden (privilege, what)
     WHERE to_regrole('helio_web') IS NOT NULL
       AND has_database_privilege(to_regrole('helio_web')::oid, current_database(), privilege)
), web_creates AS (
    SELECT format('helio_web may create objects in the schema %s.', nspname),
           format('REVOKE CREATE ON SCHEMA %I FROM PUBLIC, helio_web;', nspname)
      FROM pg_namespace
     WHERE to_regrole('helio_web') IS NOT NULL
       AND nspname IN ('public', 'staging', 'security', 'rollup', 'figures')
       AND has_schema_privilege(to_regrole('helio_web')::oid, oid, 'CREATE')
), worker_too_weak AS (
    SELECT 'helio_worker cannot use temporary tables, through which it merges.',
           format('GRANT TEMPORARY ON DATABASE %I TO helio_worker;', current_database())
     WHERE to_regrole('helio_worker') IS NOT NULL
       AND NOT has_database_privilege(to_regrole('helio_worker')::oid, current_database(), 'TEMPORARY')
), extension_missing AS (
    SELECT 'The extension btree_gist is missing.', 'CREATE EXTENSION btree_gist;'
     WHERE NOT EXISTS (SELECT FROM pg_extension WHERE extname = 'btree_gist')
), path_missing AS (
    SELECT format('The role %s does not look into Helio''s schemas.', wanted.name),
           format('ALTER ROLE %I SET search_path = %s;', wanted.name, wanted.path)
      FROM (VALUES ('helio_web', 'public, figures'),
                   ('helio_worker', 'public, figures, rollup')) AS wanted (name, path)
     WHERE to_regrole(wanted.name) IS NOT NULL
       AND NOT EXISTS (
           SELECT FROM pg_db_role_setting
            WHERE setrole = to_regrole(wanted.name)::oid
              AND 'search_path=' || wanted.path = ANY (setconfig))
), activity_open AS (
    SELECT 'helio_web can read the statements of other sessions in pg_stat_activity.',
           'REVOKE SELECT ON pg_catalog.pg_stat_activity FROM PUBLIC;'
     WHERE to_regrole('helio_web') IS NOT NULL
       AND has_table_privilege(to_regrole('helio_web')::oid, 'pg_catalog.pg_stat_activity', 'SELECT')
), locks_open AS (
    SELECT 'helio_web may end or hold up other sessions.',
           'run the last part of manage.py bootstrap --sql as a superuser.'
     WHERE to_regrole('helio_web') IS NOT NULL
       AND (has_function_privilege(to_regrole('helio_web')::oid, 'pg_catalog.pg_terminate_backend(integer, bigint)', 'EXECUTE')
            OR has_function_privilege(to_regrole('helio_web')::oid, 'pg_catalog.pg_advisory_lock(bigint)', 'EXECUTE'))
)
SELECT * FROM role_missing
UNION ALL SELECT * FROM role_too_strong
UNION ALL SELECT * FROM extension_missing
UNION ALL SELECT * FROM schema_missing
UNION ALL SELECT * FROM membership_missing
UNION ALL SELECT * FROM usage_missing
UNION ALL SELECT * FROM web_too_strong
UNION ALL SELECT * FROM web_creates
UNION ALL SELECT * FROM worker_too_weak
UNION ALL SELECT * FROM path_missing
UNION ALL SELECT * FROM activity_open
UNION ALL SELECT * FROM locks_open
