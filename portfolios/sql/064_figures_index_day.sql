-- Purpose: the firm's benchmark in US dollars. It belongs to no portfolio: whoever is signed in.
-- Grain:   one row per valuation day, and the eve of the first.
-- Owner:   helio_gate.  Readers: helio_web (portfolios/figures).

CREATE VIEW figures.index_day WITH (security_barrier) AS
SELECT valued_on, usd_value
  FROM rollup.index_day
 WHERE (SELECT security.uid()) IS NOT NULL;

GRANT SELECT ON figures.index_day TO helio_web;
