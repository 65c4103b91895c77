-- Purpose: what is held on a day, summed over portfolios, in one reporting currency.
-- Grain:   one row per listing.
-- Readers: portfolios/figures/holdings.py, as helio_web.

WITH held AS (
    SELECT p.listing_id, p.portfolio_id, p.units, p.price, p.priced_on, p.price_currency, p.average_cost,
           p.value_price_currency,
           p.base_value * x.rate    AS value,
           p.average_cost * x.rate  AS cost,
           p.fifo_cost * x.rate     AS fifo_cost,
           o.code
      FROM position_daily p
      JOIN portfolio o ON o.id = p.portfolio_id
      JOIN fx_daily b  ON b.currency = o.base_currency AND b.valued_on = p.valued_on
      JOIN fx_daily r  ON r.currency = %(currency)s::text AND r.valued_on = p.valued_on
      CROSS JOIN LATERAL (
            SELECT CASE WHEN o.base_currency = %(currency)s::text THEN 1
                        ELSE b.usd_per_unit / r.usd_per_unit END AS rate) AS x
     WHERE p.valued_on = %(as_of)s::date
       AND (%(portfolio_ids)s::integer[] IS NULL OR p.portfolio_id = ANY (%(portfolio_ids)s::integer[]))
), summed AS (
    SELECT h.listing_id, sum(h.units) AS units, min(h.price) AS price, min(h.priced_on) AS priced_on,
           min(h.price_currency) AS price_currency, sum(h.value_price_currency) AS value_price_currency,
           sum(h.value) AS value, sum(h.cost) AS cost, sum(h.fifo_cost) AS fifo_cost,
           array_agg(h.code ORDER BY h.code) AS portfolios
      FROM held h
     GROUP BY h.listing_id
)
SELECT s.listing_id, l.key AS listing_key, i.name, i.security_type, i.sector, i.domicile,
       s.units, s.price, s.priced_on, s.price_currency, s.value_price_currency,
       s.value, s.cost, s.fifo_cost, s.portfolios
  FROM summed s
  JOIN listing l    ON l.id = s.listing_id
  JOIN instrument i ON i.id = l.instrument_id
 ORDER BY l.key;
