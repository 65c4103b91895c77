-- Purpose: how a portfolio's value is spread, as people may see it.
-- Grain:   one row per portfolio of the perimeter, valuation day, breakdown and bucket.
-- Owner:   helio_gate.  Readers: helio_web (portfolios/figures).

CREATE VIEW figures.exposure_day WITH (security_barrier) AS
SELECT portfolio_id, valued_on, breakdown, bucket, value_base, share_of_nav
  FROM rollup.exposure_day_closed
 WHERE portfolio_id = ANY ((SELECT security.perimeter())::integer[])
UNION ALL
SELECT portfolio_id, valued_on, breakdown, bucket, value_base, share_of_nav
  FROM rollup.exposure_day_open
 WHERE portfolio_id = ANY ((SELECT security.perimeter())::integer[]);

GRANT SELECT ON figures.exposure_day TO helio_web;
