-- Purpose: days of the firm and its desks, in the firm's currency.
-- Grain:   one row per composite and valuation day; without a desk it is the firm.
-- Readers: portfolios/figures/firm.py, as helio_web with the role executive or auditor.

SELECT c.desk_id, d.name, c.valued_on, c.net_asset_value, c.external_inflow, c.external_outflow, c.day_pnl,
       c.portfolio_count, c.return_net, c.wealth_net, c.benchmark_return, c.benchmark_wealth
  FROM (SELECT desk_id, valued_on, net_asset_value, external_inflow, external_outflow, day_pnl,
               portfolio_count, return_net, wealth_net, benchmark_return, benchmark_wealth
          FROM figures.desk_day
        UNION ALL
        SELECT NULL, valued_on, net_asset_value, external_inflow, external_outflow, day_pnl,
               portfolio_count, return_net, wealth_net, benchmark_return, benchmark_wealth
          FROM figures.firm_day) AS c
  LEFT JOIN desk d ON d.id = c.desk_id
 WHERE c.valued_on BETWEEN %(start)s::date AND %(until)s::date
 ORDER BY c.desk_id NULLS FIRST, c.valued_on;
