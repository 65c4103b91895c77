-- Purpose: security.staff() gives a table its restrictive floor, as security.secure() does: one stray
--          policy that lets everybody in then opens nothing.
-- Owner:   helio_guard.  Callers: migrations, as helio_owner.

CREATE OR REPLACE PROCEDURE security.staff(relation regclass, VARIADIC roles text[])
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    theirs text := format('(SELECT security.has_role(VARIADIC %L::text[]))', roles);
BEGIN
    CALL security.force(relation);
    EXECUTE format('CREATE POLICY staff ON %s FOR SELECT TO helio_web USING (%s)', relation, theirs);
    EXECUTE format('CREATE POLICY staff_floor ON %s AS RESTRICTIVE FOR SELECT TO helio_web USING (%s)',
                   relation, theirs);
END
$$;
