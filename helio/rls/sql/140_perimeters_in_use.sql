-- Purpose: which perimeters people look through at present, for sums to be kept ready.
-- Grain:   one row per different set of two or more portfolios, of those who signed in last.
-- Owner:   helio_guard.  Readers: helio_worker (portfolios/sql/refresh/61_perimeter_day.sql).

CREATE FUNCTION security.perimeters_in_use(since timestamptz, at_most integer) RETURNS SETOF integer[]
LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
    SELECT DISTINCT seen.portfolio_ids
      FROM (SELECT security.perimeter_of(recent.id) AS portfolio_ids
              FROM (SELECT id FROM person
                     WHERE is_active AND last_login >= since
                     ORDER BY last_login DESC LIMIT at_most) AS recent
            OFFSET 0) AS seen
     WHERE cardinality(seen.portfolio_ids) > 1
$$;

REVOKE ALL ON FUNCTION security.perimeters_in_use(timestamptz, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION security.perimeters_in_use(timestamptz, integer) TO helio_worker;
