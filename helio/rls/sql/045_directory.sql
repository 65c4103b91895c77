-- Purpose: names of the portfolios whose access the person who asks may give or end. An
--          administrator gives access without seeing a portfolio, and must still know its name.
-- Grain:   one row per portfolio.
-- Owner:   helio_guard.  Readers: helio_web (the admin's forms and lists).

CREATE FUNCTION security.directory() RETURNS TABLE (id integer, code text, name text)
LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
    SELECT portfolio.id, portfolio.code, portfolio.name
      FROM portfolio
     WHERE portfolio.id = ANY ((SELECT security.managed())::integer[])
        OR (SELECT security.has_role('administrator'))
     ORDER BY portfolio.code
$$;

REVOKE ALL ON FUNCTION security.directory() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION security.directory() TO helio_web;
