-- Purpose: the sums of exactly the portfolios that the reader may see, where they are kept. Whoever
--          sees one portfolio more or less than a set finds nothing of it.
-- Grain:   one row per valuation day.
-- Owner:   helio_gate.  Readers: helio_web (portfolios/sql/figures/aggregate_day.sql).

CREATE VIEW figures.perimeter_day WITH (security_barrier) AS
SELECT d.valued_on, d.net_asset_value, d.cash_value, d.external_inflow, d.external_outflow, d.management_fee
  FROM rollup.perimeter_day d
 WHERE d.perimeter_id = (SELECT p.id FROM rollup.perimeter p
                          WHERE p.portfolio_ids = (SELECT security.perimeter())::integer[]);

GRANT SELECT ON figures.perimeter_day TO helio_web;
