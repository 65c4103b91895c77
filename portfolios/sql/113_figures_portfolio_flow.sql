-- Purpose: the days of a portfolio with flows or a management fee, as people may see them. The
--          condition stands inside the barrier: outside of it, it could not choose an index.
-- Grain:   one row per portfolio of the perimeter and such a day.
-- Owner:   helio_gate.  Readers: helio_web (portfolios/figures).

CREATE VIEW figures.portfolio_flow WITH (security_barrier) AS
SELECT portfolio_id, valued_on, base_currency, usd_rate, external_inflow, external_outflow, management_fee
  FROM rollup.portfolio_day
 WHERE (external_inflow <> 0 OR external_outflow <> 0 OR management_fee <> 0)
   AND portfolio_id = ANY ((SELECT security.perimeter())::integer[]);

GRANT SELECT ON figures.portfolio_flow TO helio_web;
