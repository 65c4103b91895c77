-- Purpose: what was traded and received of each listing on a day, base currency.
-- Grain:   one row per portfolio and listing in which something happened.
-- Readers: portfolios/explain/bridge.py, as helio_web.

SELECT a.portfolio_id, a.listing_id, a.traded_cash, a.dividend_income
  FROM listing_activity a
 WHERE a.valued_on = %(as_of)s::date AND a.portfolio_id = ANY (%(portfolio_ids)s::integer[]);
