-- Purpose: value, flows, profit and the day's return of a portfolio, by the rules of finance.md § 5.
-- Grain:   one row per portfolio and valuation day of its life, base currency.
-- Owner:   helio_rollup.  Readers: rollup.portfolio_growth.
--
-- return_net      (V1 + OUT) / (V0 + IN) − 1                  main
-- return_gross    (V1 + OUT + management fee) / (V0 + IN) − 1
-- return_net_eod  (V1 − IN + OUT) / V0 − 1                    main where V0 <= 0
-- return_net_sod  V1 / (V0 + IN − OUT) − 1                    main where V0 <= 0 or the divisor <= 1
-- Empty where nothing was invested that day. V0 of the first day is 0. A holding without any price
-- has no value: it is counted in unpriced_holdings.

CREATE FUNCTION rollup.portfolio_return(from_on date, until_on date)
RETURNS TABLE (
    portfolio_id integer, valued_on date, previous_on date, base_currency varchar,
    opening_value numeric, net_asset_value numeric, securities_value numeric, cash_value numeric,
    external_inflow numeric, external_outflow numeric, management_fee numeric,
    safekeeping_fee numeric, dividend_income numeric, day_pnl numeric,
    average_realised numeric, fifo_realised numeric,
    average_unrealised numeric, fifo_unrealised numeric,
    return_net double precision, return_gross double precision,
    return_net_eod double precision, return_net_sod double precision,
    usd_rate numeric, opening_usd_rate numeric, unpriced_holdings integer
)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    WITH held AS (
        -- Cash is what has no cost.
        SELECT p.portfolio_id, p.valued_on,
               coalesce(sum(p.base_value) FILTER (WHERE p.average_cost IS NOT NULL), 0) AS securities_value,
               coalesce(sum(p.base_value) FILTER (WHERE p.average_cost IS NULL), 0)     AS cash_value,
               coalesce(sum(p.average_cost), 0)                                        AS average_cost,
               coalesce(sum(p.fifo_cost), 0)                                           AS fifo_cost,
               count(*) FILTER (WHERE p.base_value IS NULL)                            AS unpriced
          FROM position_daily p
         WHERE p.valued_on >= rollup.day_before(from_on) AND p.valued_on < until_on
         GROUP BY p.portfolio_id, p.valued_on
    ), living AS (
        SELECT l.portfolio_id, o.base_currency, d.valued_on, d.previous_on,
               coalesce(h.securities_value, 0)                                AS securities_value,
               coalesce(h.cash_value, 0)                                      AS cash_value,
               coalesce(h.average_cost, 0)                                    AS average_cost,
               coalesce(h.fifo_cost, 0)                                       AS fifo_cost,
               coalesce(h.unpriced, 0)::integer                               AS unpriced,
               coalesce(b.securities_value + b.cash_value, 0)                 AS v0,
               coalesce(h.securities_value + h.cash_value, 0)                 AS v1
          FROM portfolio_life l
          JOIN portfolio o     ON o.id = l.portfolio_id
          JOIN valuation_day d ON d.valued_on >= l.first_on
                              AND d.valued_on <= coalesce(l.last_on, 'infinity')
          LEFT JOIN held h     ON h.portfolio_id = l.portfolio_id AND h.valued_on = d.valued_on
          LEFT JOIN held b     ON b.portfolio_id = l.portfolio_id AND b.valued_on = d.previous_on
                              AND d.valued_on > l.first_on
         WHERE d.valued_on >= from_on AND d.valued_on < until_on
    ), active AS (
        SELECT g.*,
               coalesce(a.external_inflow, 0)  AS inflow,
               coalesce(a.external_outflow, 0) AS outflow,
               coalesce(a.management_fee, 0)   AS fee,
               coalesce(a.safekeeping_fee, 0)  AS safekeeping,
               coalesce(a.dividend_income, 0)  AS income,
               coalesce(c.average_realised, 0) AS average_realised,
               coalesce(c.fifo_realised, 0)    AS fifo_realised,
               f.usd_per_unit                  AS usd_rate,
               f0.usd_per_unit                 AS opening_usd_rate
          FROM living g
          LEFT JOIN activity_daily a ON a.portfolio_id = g.portfolio_id AND a.valued_on = g.valued_on
          LEFT JOIN LATERAL (
                SELECT s.average_realised, s.fifo_realised
                  FROM activity_daily s
                 WHERE s.portfolio_id = g.portfolio_id AND s.valued_on <= g.valued_on
                 ORDER BY s.valued_on DESC LIMIT 1) c ON true
          LEFT JOIN fx_daily f  ON f.currency = g.base_currency AND f.valued_on = g.valued_on
          LEFT JOIN fx_daily f0 ON f0.currency = g.base_currency AND f0.valued_on = g.previous_on
    ), main AS (
        SELECT m.*,
               (v1 + outflow) / nullif(v0 + inflow, 0) - 1 AS net,
               (v1 + outflow + fee) / nullif(v0 + inflow, 0) - 1 AS gross
          FROM active m
    )
    SELECT m.portfolio_id, m.valued_on, m.previous_on, m.base_currency,
           m.v0, m.v1, m.securities_value, m.cash_value,
           m.inflow, m.outflow, m.fee, m.safekeeping, m.income,
           m.v1 - m.v0 - m.inflow + m.outflow,
           m.average_realised, m.fifo_realised,
           m.securities_value - m.average_cost, m.securities_value - m.fifo_cost,
           m.net::double precision, m.gross::double precision,
           (CASE WHEN m.v0 <= 0 THEN m.net
                 ELSE (m.v1 - m.inflow + m.outflow) / m.v0 - 1 END)::double precision,
           (CASE WHEN m.v0 <= 0 OR m.v0 + m.inflow - m.outflow <= 1 THEN m.net
                 ELSE m.v1 / (m.v0 + m.inflow - m.outflow) - 1 END)::double precision,
           m.usd_rate, m.opening_usd_rate, m.unpriced
      FROM main m;
END;
