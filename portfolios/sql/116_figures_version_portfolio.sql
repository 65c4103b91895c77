-- Purpose: which portfolios a version changed, as people may see them.
-- Grain:   one row per version and portfolio of the perimeter that it changed.
-- Owner:   helio_gate.  Readers: helio_web (portfolios/figures).

CREATE VIEW figures.version_portfolio WITH (security_barrier) AS
SELECT v.number, changed.portfolio_id
  FROM version v
  CROSS JOIN LATERAL unnest(v.changed_portfolios) AS changed (portfolio_id)
 WHERE changed.portfolio_id = ANY ((SELECT security.perimeter())::integer[]);

GRANT SELECT ON figures.version_portfolio TO helio_web;
