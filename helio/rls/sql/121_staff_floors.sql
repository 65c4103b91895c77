-- Purpose: the floor of 120 for the tables that were secured before it: whoever their policies let
--          read today, and nobody that another policy lets in later.
-- Grain:   one policy per table of staff without this floor.
-- Owner:   helio_owner.

DO $$
DECLARE
    open record;
BEGIN
    FOR open IN
        SELECT p.polrelid::regclass AS relation,
               string_agg(format('(%s)', pg_get_expr(p.polqual, p.polrelid)), ' OR ') AS condition
          FROM pg_policy AS p
         WHERE p.polpermissive AND p.polcmd IN ('r', '*') AND 'helio_web'::regrole = ANY (p.polroles)
         GROUP BY p.polrelid
        HAVING bool_or(p.polname = 'staff')
           AND NOT bool_or(EXISTS (SELECT FROM pg_policy AS f
                                    WHERE f.polrelid = p.polrelid AND f.polname = 'staff_floor'))
    LOOP
        EXECUTE format('CREATE POLICY staff_floor ON %s AS RESTRICTIVE FOR SELECT TO helio_web USING (%s)',
                       open.relation, open.condition);
    END LOOP;
END
$$;
