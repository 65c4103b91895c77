-- Purpose: a portfolio's day, how its value is spread and its benchmark, as people may see them.
-- Grain:   portfolio_day, benchmark_day: one row per portfolio of the perimeter and valuation day of
--          its life. exposure_day: the same by breakdown and bucket.
-- Owner:   helio_gate.  Readers: helio_web (portfolios/figures).

CREATE VIEW figures.portfolio_day WITH (security_barrier) AS
SELECT portfolio_id, valued_on, base_currency, opening_value,
       net_asset_value, securities_value, cash_value, external_inflow, external_outflow,
       management_fee, safekeeping_fee, dividend_income, day_pnl,
       average_realised, fifo_realised, average_unrealised, fifo_unrealised,
       return_net, return_gross, return_net_eod, return_net_sod,
       wealth_net, wealth_gross, drawdown, max_drawdown,
       return_count, return_sum, return_square_sum, usd_rate, opening_usd_rate, unpriced_holdings
  FROM rollup.portfolio_day
 WHERE portfolio_id = ANY ((SELECT security.perimeter())::integer[]);

CREATE VIEW figures.exposure_day WITH (security_barrier) AS
SELECT portfolio_id, valued_on, breakdown, bucket, value_base, share_of_nav
  FROM rollup.exposure_day
 WHERE portfolio_id = ANY ((SELECT security.perimeter())::integer[]);

CREATE VIEW figures.benchmark_day WITH (security_barrier) AS
SELECT portfolio_id, valued_on, benchmark_return, benchmark_wealth
  FROM rollup.benchmark_day
 WHERE portfolio_id = ANY ((SELECT security.perimeter())::integer[]);

GRANT SELECT ON figures.portfolio_day, figures.exposure_day, figures.benchmark_day TO helio_web;
