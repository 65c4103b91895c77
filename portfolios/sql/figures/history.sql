-- Purpose: a portfolio's days since inception, with its benchmark.
-- Grain:   one row per valuation day up to an as-of.
-- Readers: portfolios/figures/history.py, as helio_web.

SELECT d.valued_on, d.return_net, d.return_net_eod, d.return_net_sod, d.wealth_net, d.wealth_gross, d.net_asset_value,
       d.external_inflow - d.external_outflow AS net_flow, b.benchmark_return, b.benchmark_wealth
  FROM figures.portfolio_day d
  LEFT JOIN figures.benchmark_day b ON b.portfolio_id = d.portfolio_id AND b.valued_on = d.valued_on
 WHERE d.portfolio_id = %(portfolio_id)s::integer AND d.valued_on <= %(as_of)s::date
 ORDER BY d.valued_on;
