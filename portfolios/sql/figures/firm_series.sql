-- Purpose: the course of the firm.
-- Grain:   one row per valuation day, in the firm's currency.
-- Readers: portfolios/figures/firm.py, as helio_web with the role executive or auditor.

SELECT valued_on, opening_value, net_asset_value, return_net, wealth_net, benchmark_wealth
  FROM figures.firm_day
 WHERE valued_on BETWEEN %(start)s::date AND %(until)s::date
 ORDER BY valued_on;
