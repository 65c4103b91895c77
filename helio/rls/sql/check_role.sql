-- Purpose: what must not be true of the role that a web or worker process connects as.
-- Grain:   one sentence per fault.
-- Readers: helio/rls/checks.py (start-up check, doctor).

SELECT format('Role %s is a superuser; row security would not hold.', rolname)
  FROM pg_roles WHERE rolname = current_user AND rolsuper
UNION ALL
SELECT format('Role %s has BYPASSRLS; row security would not hold.', rolname)
  FROM pg_roles WHERE rolname = current_user AND rolbypassrls
UNION ALL
SELECT format('Role %s may create roles.', rolname)
  FROM pg_roles WHERE rolname = current_user AND rolcreaterole
UNION ALL
SELECT format('Role %s owns %s.%s; an owner could switch row security off.', current_user, nspname, relname)
  FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
 WHERE relkind IN ('r', 'p', 'v', 'm') AND relpersistence <> 't'
   AND relowner = current_user::regrole
UNION ALL
SELECT format('Role %s is a member of %s; it could become it.', current_user, rolname)
  FROM pg_roles
 WHERE rolname IN ('helio_owner', 'helio_rollup', 'helio_gate', 'helio_guard', 'helio_migrate', 'helio_backup')
   AND pg_has_role(current_user, oid, 'MEMBER')
