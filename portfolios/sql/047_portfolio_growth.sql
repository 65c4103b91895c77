-- Purpose: portfolio_return with what accumulates over a span that starts at 1 on its eve: wealth,
--          its peak, and the sums that volatility needs (so that a page reads one row, not history).
-- Grain:   one row per portfolio and valuation day.
-- Owner:   helio_rollup.  Readers: rollup.portfolio_day_closed, rollup.portfolio_day_open.

CREATE FUNCTION rollup.portfolio_growth(from_on date, until_on date)
RETURNS TABLE (
    portfolio_id integer, valued_on date, previous_on date, base_currency varchar,
    opening_value numeric, net_asset_value numeric, securities_value numeric, cash_value numeric,
    external_inflow numeric, external_outflow numeric, management_fee numeric,
    safekeeping_fee numeric, dividend_income numeric, day_pnl numeric,
    average_realised numeric, fifo_realised numeric,
    average_unrealised numeric, fifo_unrealised numeric,
    return_net double precision, return_gross double precision,
    return_net_eod double precision, return_net_sod double precision,
    usd_rate numeric, opening_usd_rate numeric, unpriced_holdings integer,
    wealth_net double precision, wealth_gross double precision, wealth_peak double precision,
    return_count bigint, return_sum double precision, return_square_sum double precision
)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    WITH grown AS (
        SELECT r.*,
               rollup.product(1 + r.return_net)   OVER life AS wealth_net,
               rollup.product(1 + r.return_gross) OVER life AS wealth_gross,
               count(r.return_net)                OVER life AS return_count,
               coalesce(sum(r.return_net) OVER life, 0)                AS return_sum,
               coalesce(sum(r.return_net * r.return_net) OVER life, 0) AS return_square_sum
          FROM rollup.portfolio_return(from_on, until_on) r
        WINDOW life AS (PARTITION BY r.portfolio_id ORDER BY r.valued_on)
    )
    SELECT g.portfolio_id, g.valued_on, g.previous_on, g.base_currency,
           g.opening_value, g.net_asset_value, g.securities_value, g.cash_value,
           g.external_inflow, g.external_outflow, g.management_fee,
           g.safekeeping_fee, g.dividend_income, g.day_pnl,
           g.average_realised, g.fifo_realised, g.average_unrealised, g.fifo_unrealised,
           g.return_net, g.return_gross, g.return_net_eod, g.return_net_sod,
           g.usd_rate, g.opening_usd_rate, g.unpriced_holdings,
           g.wealth_net, g.wealth_gross,
           greatest(1, max(g.wealth_net) OVER life),
           g.return_count, g.return_sum, g.return_square_sum
      FROM grown g
    WINDOW life AS (PARTITION BY g.portfolio_id ORDER BY g.valued_on);
END;
