-- Purpose: which bucket of each breakdown a holding counts to, as people may see it.
-- Grain:   one row per portfolio of the perimeter, valuation day and listing held that has a value.
-- Owner:   helio_gate.  Readers: helio_web (portfolios/figures).

CREATE VIEW figures.position_bucket WITH (security_barrier) AS
SELECT portfolio_id, valued_on, base_value, currency, sector, security_type, domicile
  FROM rollup.position_bucket
 WHERE portfolio_id = ANY ((SELECT security.perimeter())::integer[]);

GRANT SELECT ON figures.position_bucket TO helio_web;
