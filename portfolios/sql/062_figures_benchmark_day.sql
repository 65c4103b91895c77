-- Purpose: the benchmark in a portfolio's base currency, as people may see it.
-- Grain:   one row per portfolio of the perimeter and valuation day of its life.
-- Owner:   helio_gate.  Readers: helio_web (portfolios/figures).

CREATE VIEW figures.benchmark_day WITH (security_barrier) AS
SELECT portfolio_id, valued_on, benchmark_return, benchmark_wealth
  FROM rollup.benchmark_day_closed
 WHERE portfolio_id = ANY ((SELECT security.perimeter())::integer[])
UNION ALL
SELECT portfolio_id, valued_on, benchmark_return, benchmark_wealth
  FROM rollup.benchmark_day_open
 WHERE portfolio_id = ANY ((SELECT security.perimeter())::integer[]);

GRANT SELECT ON figures.benchmark_day TO helio_web;
