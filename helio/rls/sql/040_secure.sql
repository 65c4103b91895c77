-- Purpose: three ways to secure a table, so that no table invents its own policies.
--            security.secure(table)         rows belong to a portfolio: only the perimeter's
--            security.share(table)          reference and market data: every signed-in person
--            security.staff(table, roles…)  only people with one of the roles
--          Each enables and forces row security and lets the working roles do their job.
-- Owner:   helio_guard.  Callers: migrations, as helio_owner. They change only what the caller owns.

CREATE PROCEDURE security.force(relation regclass)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', relation);
    EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', relation);
    EXECUTE format('CREATE POLICY worker ON %s TO helio_worker USING (true) WITH CHECK (true)', relation);
    EXECUTE format('CREATE POLICY reader ON %s FOR SELECT TO helio_rollup, helio_audit USING (true)', relation);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %s TO helio_worker', relation);
    EXECUTE format('GRANT SELECT ON %s TO helio_rollup, helio_audit, helio_backup, helio_web', relation);
END
$$;

CREATE PROCEDURE security.secure(relation regclass, portfolio_column name DEFAULT 'portfolio_id')
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    inside text := format('%I = ANY ((SELECT security.perimeter())::integer[])', portfolio_column);
BEGIN
    CALL security.force(relation);
    EXECUTE format('CREATE POLICY perimeter ON %s FOR SELECT TO helio_web USING (%s)', relation, inside);
    EXECUTE format('CREATE POLICY perimeter_floor ON %s AS RESTRICTIVE TO helio_web USING (%s) WITH CHECK (%s)',
                   relation, inside, inside);
END
$$;

CREATE PROCEDURE security.share(relation regclass)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    CALL security.force(relation);
    EXECUTE format('CREATE POLICY signed_in ON %s FOR SELECT TO helio_web '
                   'USING ((SELECT security.uid()) IS NOT NULL)', relation);
END
$$;

CREATE PROCEDURE security.staff(relation regclass, VARIADIC roles text[])
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    CALL security.force(relation);
    EXECUTE format('CREATE POLICY staff ON %s FOR SELECT TO helio_web '
                   'USING ((SELECT security.has_role(VARIADIC %L::text[])))', relation, roles);
END
$$;

-- Takes back what the three ways gave, so that a migration can be reversed.
CREATE PROCEDURE security.release(VARIADIC relations regclass[])
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    policy record;
    relation regclass;
BEGIN
    FOR policy IN SELECT polname, polrelid::regclass AS relation FROM pg_policy
                   WHERE polrelid = ANY (relations) LOOP
        EXECUTE format('DROP POLICY %I ON %s', policy.polname, policy.relation);
    END LOOP;
    FOREACH relation IN ARRAY relations LOOP
        EXECUTE format('ALTER TABLE %s DISABLE ROW LEVEL SECURITY', relation);
        EXECUTE format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY', relation);
        EXECUTE format('REVOKE ALL ON %s FROM helio_web, helio_worker, helio_rollup, helio_gate, '
                       'helio_migrate, helio_audit, helio_backup', relation);
    END LOOP;
END
$$;

REVOKE ALL ON PROCEDURE security.force(regclass), security.secure(regclass, name),
    security.share(regclass), security.staff(regclass, text[]),
    security.release(regclass[]) FROM PUBLIC;
GRANT EXECUTE ON PROCEDURE security.force(regclass), security.secure(regclass, name),
    security.share(regclass), security.staff(regclass, text[]),
    security.release(regclass[]) TO helio_owner;
