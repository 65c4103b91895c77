-- Purpose: names of the portfolios that a book may be mapped to. Operations map keys of portfolios
--          whose figures they may not see, and must still know which portfolio they mean.
-- Grain:   one row per portfolio.
-- Owner:   helio_guard.  Readers: helio_web (the crosswalk's pages).

CREATE FUNCTION security.mappable() RETURNS TABLE (id integer, code text, name text)
LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
    SELECT portfolio.id, portfolio.code, portfolio.name
      FROM portfolio
     WHERE (SELECT security.has_role('operations', 'auditor', 'administrator'))
     ORDER BY portfolio.code
$$;

REVOKE ALL ON FUNCTION security.mappable() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION security.mappable() TO helio_web;

-- Who proposed and who decided, and when, is what the database knows, not what it is told.
CREATE FUNCTION security.stamp_mapping() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
DECLARE
    person_name text;
BEGIN
    IF session_user <> 'helio_web' THEN
        RETURN NEW;
    END IF;
    SELECT username INTO person_name FROM person WHERE person.id = security.uid();
    IF TG_OP = 'INSERT' THEN
        NEW.proposed_by_id := security.uid();
        NEW.proposed_by := person_name;
        NEW.proposed_at := transaction_timestamp();
    ELSE
        NEW.decided_by_id := security.uid();
        NEW.decided_by := person_name;
        NEW.decided_at := transaction_timestamp();
    END IF;
    RETURN NEW;
END
$$;

REVOKE ALL ON FUNCTION security.stamp_mapping() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION security.stamp_mapping() TO helio_owner;
