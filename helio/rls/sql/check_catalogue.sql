-- Purpose: is every relation and function that the web role can reach secured?
-- Grain:   one sentence per fault; no row means sound.
-- Readers: helio/rls/checks.py (doctor), the catalogue test.
--
-- A relation is sound when it is (a) a table with row security enabled and forced, (b) a barrier
-- view of helio_gate that asks security.perimeter() or security.has_role(), or (c) on the list
-- below, each with its reason.

WITH excused (relation, reason) AS (
    VALUES ('auth_group',             'names of the roles'),
           ('auth_permission',        'names of rights'),
           ('auth_group_permissions', 'rights of roles in the admin'),
           ('django_content_type',    'names of models'),
           ('django_migrations',      'readiness compares it with the code'),
           ('django_session',         'signing in comes before an identity'),
           ('django_admin_log',       'what the admin did; no figures')
), reachable AS (
    SELECT c.oid, n.nspname, c.relname, c.relkind, c.relowner, c.relrowsecurity, c.relforcerowsecurity,
           coalesce('security_barrier=true' = ANY (c.reloptions), false) AS barrier
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f')
       AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')
       AND n.nspname NOT LIKE 'pg_temp%'
       AND (has_table_privilege('helio_web', c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER, MAINTAIN')
            OR has_any_column_privilege('helio_web', c.oid, 'SELECT, INSERT, UPDATE, REFERENCES'))
)
SELECT format('Table %I.%I can be read by helio_web without forced row security.', nspname, relname)
  FROM reachable
 WHERE relkind IN ('r', 'p') AND NOT (relrowsecurity AND relforcerowsecurity)
   AND NOT (nspname = 'public' AND relname IN (SELECT relation FROM excused))
UNION ALL
SELECT format('View %I.%I is not a barrier view of helio_gate that asks security.perimeter() or a role.', nspname, relname)
  FROM reachable
 WHERE relkind = 'v'
   AND NOT (relowner = 'helio_gate'::regrole AND barrier
            AND pg_get_viewdef(oid) ~ 'security\.(perimeter|has_role|uid)\(')
UNION ALL
SELECT format('%s %I.%I cannot carry policies, yet helio_web can read it.',
              CASE relkind WHEN 'm' THEN 'Materialised view' ELSE 'Foreign table' END, nspname, relname)
  FROM reachable WHERE relkind IN ('m', 'f')
UNION ALL
SELECT format('helio_web may truncate, reference, trigger or maintain %I.%I.', nspname, relname)
  FROM reachable
 WHERE has_table_privilege('helio_web', oid, 'TRUNCATE, REFERENCES, TRIGGER, MAINTAIN')
UNION ALL
SELECT format('Policy %s on %s lets helio_web read every row.', p.polname, p.polrelid::regclass)
  FROM pg_policy p
 WHERE p.polpermissive AND p.polcmd IN ('r', '*')
   AND ('helio_web'::regrole = ANY (p.polroles) OR 0 = ANY (p.polroles))
   AND pg_get_expr(p.polqual, p.polrelid) = 'true'
   AND p.polrelid NOT IN ('public.person'::regclass, 'public.person_groups'::regclass)
UNION ALL
SELECT format('Table %s belongs to portfolios but has no restrictive floor for helio_web.', c.oid::regclass)
  FROM reachable c
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'portfolio_id' AND NOT a.attisdropped
 WHERE c.relkind IN ('r', 'p')
   AND NOT EXISTS (SELECT FROM pg_policy p
                    WHERE p.polrelid = c.oid AND NOT p.polpermissive
                      AND 'helio_web'::regrole = ANY (p.polroles))
UNION ALL
SELECT format('Table %s is for some roles only but has no restrictive floor for helio_web.', c.oid::regclass)
  FROM reachable c
 WHERE c.relkind IN ('r', 'p')
   AND EXISTS (SELECT FROM pg_policy p
                WHERE p.polrelid = c.oid AND p.polname = 'staff' AND p.polpermissive)
   AND NOT EXISTS (SELECT FROM pg_policy p
                    WHERE p.polrelid = c.oid AND NOT p.polpermissive
                      AND 'helio_web'::regrole = ANY (p.polroles))
UNION ALL
SELECT format('Function %s runs with its owner''s rights and helio_web may call it, but it is not of helio_guard.',
              p.oid::regprocedure)
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
 WHERE p.prosecdef AND n.nspname <> 'pg_catalog'
   AND has_function_privilege('helio_web', p.oid, 'EXECUTE')
   AND has_schema_privilege('helio_web', n.oid, 'USAGE')
   AND p.proowner <> 'helio_guard'::regrole
UNION ALL
SELECT format('Function %s runs with its owner''s rights without a pinned search_path.', p.oid::regprocedure)
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
 WHERE p.prosecdef AND n.nspname <> 'pg_catalog'
   AND NOT EXISTS (SELECT FROM unnest(p.proconfig) AS setting WHERE setting LIKE 'search_path=%')
UNION ALL
SELECT format('helio_web may create objects in schema %I.', nspname)
  FROM pg_namespace WHERE has_schema_privilege('helio_web', oid, 'CREATE')
UNION ALL
SELECT 'helio_web may create temporary tables.'
 WHERE has_database_privilege('helio_web', current_database(), 'TEMP')
UNION ALL
SELECT format('%s can read the hashes of passwords.', role)
  FROM unnest(ARRAY['helio_web', 'helio_worker', 'helio_audit']) AS role
 WHERE has_column_privilege(role, 'public.person', 'password', 'SELECT')
