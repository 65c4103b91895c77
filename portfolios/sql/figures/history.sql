-- Purpose: a portfolio's days since inception, with its benchmark.
-- Grain:   one row per valuation day up to an as-of.
-- Readers: portfolios/figures/history.py, as helio_web.

-- Most days have no flow, and nothing is the quickest to send.
-- A portfolio has the same days in both, so that FULL takes none that LEFT would not. It is hashed,
-- where the planner, who expects a single day of one portfolio, would go through all days for each.

SELECT valued_on, d.return_net, d.return_net_eod, d.return_net_sod, d.wealth_net, d.wealth_gross, d.net_asset_value,
       nullif(d.external_inflow - d.external_outflow, 0) AS net_flow, b.benchmark_return, b.benchmark_wealth
  FROM (SELECT * FROM figures.portfolio_day
         WHERE portfolio_id = %(portfolio_id)s::integer AND valued_on <= %(as_of)s::date) AS d
  FULL JOIN (SELECT * FROM figures.benchmark_day
              WHERE portfolio_id = %(portfolio_id)s::integer AND valued_on <= %(as_of)s::date) AS b USING (valued_on)
 ORDER BY valued_on;
