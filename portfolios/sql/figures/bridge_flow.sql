-- Purpose: flows and fees of a day, base currency.
-- Grain:   one row per portfolio in which something happened.
-- Readers: portfolios/explain/bridge.py, as helio_web.

SELECT a.portfolio_id, a.external_inflow, a.external_outflow, a.management_fee, a.safekeeping_fee
  FROM activity_daily a
 WHERE a.valued_on = %(as_of)s::date AND a.portfolio_id = ANY (%(portfolio_ids)s::integer[]);
