-- Purpose: what one listing did to the firm's value. Holdings are summed before they are multiplied: the
--          cost is that of a listing's days, whatever the number of portfolios. A function, so that two
--          processes can share the listings where everything is valued again.
-- Grain:   one row per valuation day from ``from_on`` to ``to_on`` on which the firm holds the listing,
--          held it the day before or traded it. ``eve``: the valuation day before ``from_on``.
-- Owner:   helio_rollup.  Readers: portfolios/sql/refresh/64_firm_mover_day.sql, as helio_worker.

CREATE FUNCTION rollup.listing_movers(listing_id integer, from_on date, to_on date, eve date)
RETURNS SETOF rollup.firm_mover_day
LANGUAGE plpgsql STABLE PARALLEL SAFE COST 1000000 ROWS 1000
SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
RETURN QUERY
WITH state AS (
    SELECT greatest(h.from_on, listing_movers.eve) AS from_on, h.to_on, h.valued_units AS units
      FROM (SELECT * FROM holding_state s
             WHERE s.listing_id = listing_movers.listing_id AND s.units <> 0
               AND coalesce(s.to_on, 'infinity'::date) >= listing_movers.eve AND s.from_on <= listing_movers.to_on
            OFFSET 0) AS h
), step AS (
    SELECT from_on AS step_on, units, 1 AS holders FROM state
    UNION ALL
    SELECT d.valued_on, -s.units, -1
      FROM state s
      JOIN valuation_day d ON d.previous_on = s.to_on
), total AS (
    SELECT step_on,
           sum(sum(units))   OVER along AS units,
           sum(sum(holders)) OVER along AS holders,
           lead(step_on, 1, 'infinity') OVER along AS next_on
      FROM step
     GROUP BY step_on
    WINDOW along AS (ORDER BY step_on)
), valued AS MATERIALIZED (
    -- Prices and rates by their keys: the one plan for all calls would go through all there are.
    SELECT p.valued_on, t.units * p.price * f.usd_per_unit AS usd_value
      FROM total t
      CROSS JOIN LATERAL (
            SELECT * FROM price_daily q
             WHERE q.listing_id = listing_movers.listing_id AND q.valued_on >= t.step_on AND q.valued_on < t.next_on
               AND q.valued_on BETWEEN listing_movers.eve AND listing_movers.to_on
            OFFSET 0) AS p
      CROSS JOIN LATERAL (
            SELECT * FROM fx_daily r WHERE r.currency = p.currency AND r.valued_on = p.valued_on OFFSET 0) AS f
     WHERE t.holders > 0
), traded AS (
    SELECT a.valued_on, sum((a.traded_cash + a.dividend_income) * f.usd_per_unit) AS cash
      FROM (SELECT * FROM listing_activity t
             WHERE t.listing_id = listing_movers.listing_id
               AND t.valued_on BETWEEN listing_movers.from_on AND listing_movers.to_on
            OFFSET 0) AS a
      JOIN portfolio o ON o.id = a.portfolio_id
      CROSS JOIN LATERAL (
            SELECT * FROM fx_daily r WHERE r.currency = o.base_currency AND r.valued_on = a.valued_on OFFSET 0) AS f
     GROUP BY a.valued_on
), part AS (
    SELECT v.valued_on, v.usd_value AS value, v.usd_value AS change FROM valued v
    UNION ALL
    SELECT d.valued_on, 0, -v.usd_value
      FROM valued v JOIN valuation_day d ON d.previous_on = v.valued_on
    UNION ALL
    SELECT t.valued_on, 0, t.cash FROM traded t
)
SELECT m.valued_on, listing_movers.listing_id, sum(m.value)::numeric(30, 10), sum(m.change)::numeric(30, 10)
  FROM part m
 WHERE m.valued_on BETWEEN listing_movers.from_on AND listing_movers.to_on
 GROUP BY m.valued_on;
END;
$$;
REVOKE EXECUTE ON FUNCTION rollup.listing_movers FROM PUBLIC;
GRANT EXECUTE ON FUNCTION rollup.listing_movers TO helio_worker;
