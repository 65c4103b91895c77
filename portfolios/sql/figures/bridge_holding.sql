-- Purpose: what portfolios held at the close of a day and of the valuation day before it.
-- Grain:   one row per portfolio, listing and day.
-- Readers: portfolios/explain/bridge.py, as helio_web.

SELECT p.portfolio_id, p.listing_id, p.valued_on, p.average_cost IS NULL AS is_cash,
       greatest(p.units, CASE WHEN p.average_cost IS NULL THEN p.units ELSE 0 END) AS units,
       p.price, p.price_currency, p.base_rate, coalesce(p.base_value, 0) AS base_value
  FROM position_daily p
 WHERE p.valued_on IN (%(as_of)s::date, %(eve)s::date)
   AND p.portfolio_id = ANY (%(portfolio_ids)s::integer[]);
