-- Purpose: value of every holding on every valuation day, as people may see it.
-- Grain:   one row per portfolio of the perimeter, valuation day and listing held.
-- Owner:   helio_gate.  Readers: helio_web (portfolios/figures), which finds it as position_daily.

CREATE VIEW figures.position_daily WITH (security_barrier) AS
SELECT portfolio_id, valued_on, listing_id, units, price, priced_on, price_currency, value_price_currency,
       base_rate, base_value, average_cost, fifo_cost, average_realised, fifo_realised
  FROM rollup.position_daily
 WHERE portfolio_id = ANY ((SELECT security.perimeter())::integer[]);

GRANT SELECT ON figures.position_daily TO helio_web;
