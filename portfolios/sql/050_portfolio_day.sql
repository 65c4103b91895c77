-- Purpose: everything about a portfolio's day, in closed months and in the open window. The open
--          view goes on from the last closed day, so that its cost does not grow with history.
-- Grain:   one row per portfolio and valuation day of its life, base currency.
-- Owner:   helio_rollup.  Readers: figures.portfolio_day (helio_gate), the rollups built on it.

CREATE MATERIALIZED VIEW rollup.portfolio_day_closed AS
SELECT g.*,
       g.wealth_net / g.wealth_peak - 1 AS drawdown,
       min(g.wealth_net / g.wealth_peak - 1) OVER (PARTITION BY g.portfolio_id ORDER BY g.valued_on) AS max_drawdown
  FROM rollup.portfolio_growth('-infinity', rollup.open_from()) g;

CREATE UNIQUE INDEX portfolio_day_closed_key ON rollup.portfolio_day_closed (portfolio_id, valued_on);
CREATE INDEX portfolio_day_closed_by_day ON rollup.portfolio_day_closed (valued_on, portfolio_id);

CREATE MATERIALIZED VIEW rollup.portfolio_day_open AS
WITH chained AS (
    SELECT g.*,
           coalesce(s.wealth_net, 1)        AS start_net,
           coalesce(s.wealth_gross, 1)      AS start_gross,
           coalesce(s.wealth_peak, 1)       AS start_peak,
           coalesce(s.return_count, 0)      AS start_count,
           coalesce(s.return_sum, 0)        AS start_sum,
           coalesce(s.return_square_sum, 0) AS start_square_sum,
           s.max_drawdown                   AS start_drawdown
      FROM rollup.portfolio_growth(rollup.open_from(), 'infinity') g
      LEFT JOIN rollup.portfolio_day_closed s
             ON s.portfolio_id = g.portfolio_id AND s.valued_on = rollup.day_before(rollup.open_from())
), continued AS (
    SELECT c.portfolio_id, c.valued_on, c.previous_on, c.base_currency,
           c.opening_value, c.net_asset_value, c.securities_value, c.cash_value,
           c.external_inflow, c.external_outflow, c.management_fee,
           c.safekeeping_fee, c.dividend_income, c.day_pnl,
           c.average_realised, c.fifo_realised, c.average_unrealised, c.fifo_unrealised,
           c.return_net, c.return_gross, c.return_net_eod, c.return_net_sod,
           c.usd_rate, c.opening_usd_rate, c.unpriced_holdings,
           c.start_net * c.wealth_net                           AS wealth_net,
           c.start_gross * c.wealth_gross                       AS wealth_gross,
           -- The span's own peak is at least 1, which is the closed wealth and below its peak.
           greatest(c.start_peak, c.start_net * c.wealth_peak)  AS wealth_peak,
           c.start_count + c.return_count                       AS return_count,
           c.start_sum + c.return_sum                           AS return_sum,
           c.start_square_sum + c.return_square_sum             AS return_square_sum,
           c.start_drawdown
      FROM chained c
)
SELECT c.portfolio_id, c.valued_on, c.previous_on, c.base_currency,
       c.opening_value, c.net_asset_value, c.securities_value, c.cash_value,
       c.external_inflow, c.external_outflow, c.management_fee,
       c.safekeeping_fee, c.dividend_income, c.day_pnl,
       c.average_realised, c.fifo_realised, c.average_unrealised, c.fifo_unrealised,
       c.return_net, c.return_gross, c.return_net_eod, c.return_net_sod,
       c.usd_rate, c.opening_usd_rate, c.unpriced_holdings,
       c.wealth_net, c.wealth_gross, c.wealth_peak,
       c.return_count, c.return_sum, c.return_square_sum,
       c.wealth_net / c.wealth_peak - 1 AS drawdown,
       least(c.start_drawdown,
             min(c.wealth_net / c.wealth_peak - 1) OVER (PARTITION BY c.portfolio_id ORDER BY c.valued_on)) AS max_drawdown
  FROM continued c;

CREATE UNIQUE INDEX portfolio_day_open_key ON rollup.portfolio_day_open (portfolio_id, valued_on);
CREATE INDEX portfolio_day_open_by_day ON rollup.portfolio_day_open (valued_on, portfolio_id);

GRANT SELECT ON rollup.portfolio_day_closed, rollup.portfolio_day_open TO helio_gate, helio_worker, helio_audit;
GRANT MAINTAIN ON rollup.portfolio_day_closed, rollup.portfolio_day_open TO helio_worker;
