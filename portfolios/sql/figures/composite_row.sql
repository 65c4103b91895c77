-- Purpose: the firm and its desks on some days: an as-of and the anchors of its periods.
-- Grain:   one row per composite and day; without a desk it is the firm. In the firm's currency.
-- Readers: portfolios/figures/firm.py, as helio_web with the role executive or auditor.

SELECT NULL::integer AS desk_id, '' AS name, f.valued_on, f.net_asset_value, f.external_inflow,
       f.external_outflow, f.day_pnl, f.portfolio_count, f.return_net, f.wealth_net, f.wealth_gross, f.benchmark_wealth
  FROM figures.firm_day f
 WHERE f.valued_on = ANY (%(days)s::date[])
UNION ALL
SELECT d.desk_id, k.name, d.valued_on, d.net_asset_value, d.external_inflow,
       d.external_outflow, d.day_pnl, d.portfolio_count, d.return_net, d.wealth_net, d.wealth_gross, d.benchmark_wealth
  FROM figures.desk_day d
  JOIN desk k ON k.id = d.desk_id
 WHERE d.valued_on = ANY (%(days)s::date[])
 ORDER BY name, valued_on;
