-- Purpose: aggregates of the firm and its desks, for leadership and auditors, net and gross of the
--          management fee. They open no portfolio.
-- Grain:   firm_day: valuation day. desk_day: desk and valuation day. firm_mover_day: valuation day
--          and listing. All in US dollars.
-- Owner:   helio_gate.  Readers: helio_web (portfolios/figures), role executive or auditor.

CREATE VIEW figures.desk_day WITH (security_barrier) AS
SELECT desk_id, valued_on, opening_value, net_asset_value, external_inflow, external_outflow, day_pnl,
       portfolio_count, return_net, return_gross, wealth_net, wealth_gross, benchmark_return, benchmark_wealth
  FROM rollup.composite_day
 WHERE desk_id <> 0
   AND (SELECT security.has_role('executive') OR security.has_role('auditor'));

CREATE VIEW figures.firm_day WITH (security_barrier) AS
SELECT valued_on, opening_value, net_asset_value, external_inflow, external_outflow, day_pnl,
       portfolio_count, return_net, return_gross, wealth_net, wealth_gross, benchmark_return, benchmark_wealth
  FROM rollup.composite_day
 WHERE desk_id = 0
   AND (SELECT security.has_role('executive') OR security.has_role('auditor'));

CREATE VIEW figures.firm_mover_day WITH (security_barrier) AS
SELECT valued_on, listing_id, value, change
  FROM rollup.firm_mover_day
 WHERE (SELECT security.has_role('executive') OR security.has_role('auditor'));

GRANT SELECT ON figures.desk_day, figures.firm_day, figures.firm_mover_day TO helio_web;
