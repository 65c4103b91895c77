-- Purpose: value of every holding on every valuation day, as people may see it; the newest days are
--          read multiplied.
-- Grain:   one row per portfolio of the perimeter, valuation day and listing held.
-- Owner:   helio_gate.  Readers: helio_web (portfolios/figures), which finds it as position_daily.

CREATE OR REPLACE VIEW figures.position_daily WITH (security_barrier) AS
SELECT portfolio_id, valued_on, listing_id, units, price, priced_on, price_currency, value_price_currency,
       base_rate, base_value, average_cost, fifo_cost, average_realised, fifo_realised
  FROM rollup.position_served
 WHERE portfolio_id = ANY ((SELECT security.perimeter())::integer[]);
