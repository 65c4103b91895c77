-- Purpose: what is held on a day, summed over portfolios, in one reporting currency.
-- Grain:   one row per listing.
-- Readers: portfolios/figures/holdings.py, as helio_web.

-- A rate for each portfolio, not for each of its positions; and portfolio by portfolio: the planner
-- expects one behind a policy, and would go through everybody's positions for each.
WITH book AS MATERIALIZED (
    SELECT o.id, o.code,
           CASE WHEN o.base_currency = %(currency)s::text THEN 1
                ELSE b.usd_per_unit / r.usd_per_unit END AS rate
      FROM portfolio o
      JOIN fx_daily b ON b.currency = o.base_currency AND b.valued_on = %(as_of)s::date
      JOIN fx_daily r ON r.currency = %(currency)s::text AND r.valued_on = b.valued_on
     WHERE %(portfolio_ids)s::integer[] IS NULL OR o.id = ANY (%(portfolio_ids)s::integer[])
), summed AS (
    SELECT p.listing_id, sum(p.units) AS units, min(p.price) AS price, min(p.priced_on) AS priced_on,
           min(p.price_currency) AS price_currency, sum(p.value_price_currency) AS value_price_currency,
           sum(p.base_value * k.rate) AS value, sum(p.average_cost * k.rate) AS cost,
           sum(p.fifo_cost * k.rate) AS fifo_cost,
           array_agg(k.code ORDER BY k.code) AS portfolios
      FROM book k
      CROSS JOIN LATERAL (
            SELECT * FROM position_daily q
             WHERE q.portfolio_id = k.id AND q.valued_on = %(as_of)s::date
            OFFSET 0) AS p
     GROUP BY p.listing_id
)
SELECT s.listing_id, l.key AS listing_key, i.name, i.security_type, i.sector, i.domicile,
       s.units, s.price, s.priced_on, s.price_currency, s.value_price_currency,
       s.value, s.cost, s.fifo_cost, s.portfolios
  FROM summed s
  JOIN listing l    ON l.id = s.listing_id
  JOIN instrument i ON i.id = l.instrument_id
 ORDER BY l.key;
