-- Purpose: the days of one portfolio as in 117, reading less for each: costs and realised gains stand
--          until they move, so that they are added where they move and not for every holding's day;
--          rates and flows are read as one span, and a day opens at the rate at which the last closed.
-- Grain:   one row per valuation day of the portfolio's life from ``from_on`` on.
-- Owner:   helio_rollup.  Readers: portfolios/sql/refresh/60_portfolio_day.sql, as helio_worker.

CREATE OR REPLACE FUNCTION rollup.portfolio_days(portfolio_id integer, base_currency text, from_on date)
RETURNS SETOF rollup.portfolio_day
LANGUAGE plpgsql STABLE PARALLEL SAFE COST 1000000 ROWS 1000
SET search_path = public, pg_temp SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
RETURN QUERY
WITH state AS MATERIALIZED (
    SELECT s.listing_id, s.valued_units AS units,
           s.average_cost, s.fifo_cost, s.average_cost IS NULL AS is_cash,
           greatest(s.from_on, portfolio_days.from_on)         AS from_on,
           coalesce(s.to_on, 'infinity'::date)                 AS to_on
      FROM holding_state s
     WHERE s.portfolio_id = portfolio_days.portfolio_id AND s.units <> 0
       AND coalesce(s.to_on, 'infinity'::date) >= portfolio_days.from_on
), valued AS MATERIALIZED (
    -- States by spans of days along one index.
    SELECT q.valued_on,
           coalesce(sum((h.units * q.base_price)::numeric(30, 10)) FILTER (WHERE NOT h.is_cash), 0) AS securities_value,
           coalesce(sum((h.units * q.base_price)::numeric(30, 10)) FILTER (WHERE h.is_cash), 0)     AS cash_value,
           count(*) FILTER (WHERE q.base_price IS NULL)::integer AS unpriced
      FROM state h
      JOIN base_price_daily q ON q.listing_id = h.listing_id AND q.base_currency = portfolio_days.base_currency
                             AND q.valued_on BETWEEN h.from_on AND h.to_on
     GROUP BY q.valued_on
), activity AS MATERIALIZED (
    -- From the last before the days at work: realised gains add up.
    SELECT a.*,
           a.average_realised - lag(a.average_realised, 1, 0) OVER life AS average_step,
           a.fifo_realised - lag(a.fifo_realised, 1, 0) OVER life       AS fifo_step
      FROM activity_daily a
     WHERE a.portfolio_id = portfolio_days.portfolio_id
       AND a.valued_on >= coalesce((SELECT max(b.valued_on) FROM activity_daily b
                                     WHERE b.portfolio_id = portfolio_days.portfolio_id
                                       AND b.valued_on < portfolio_days.from_on), portfolio_days.from_on)
    WINDOW life AS (ORDER BY a.valued_on)
), moved AS (
    SELECT from_on AS moved_on, average_cost, fifo_cost, NULL::numeric AS average_realised, NULL::numeric AS fifo_realised
      FROM state
    UNION ALL
    SELECT to_on + 1, -average_cost, -fifo_cost, NULL, NULL FROM state WHERE to_on < 'infinity'
    UNION ALL
    SELECT valued_on, NULL, NULL, average_step, fifo_step FROM activity
    UNION ALL
    SELECT valued_on, NULL, NULL, NULL, NULL FROM valuation_day WHERE valued_on >= portfolio_days.from_on
), standing AS (
    SELECT moved_on AS valued_on,
           sum(sum(average_cost)) OVER along     AS average_cost,
           sum(sum(fifo_cost)) OVER along        AS fifo_cost,
           sum(sum(average_realised)) OVER along AS average_realised,
           sum(sum(fifo_realised)) OVER along    AS fifo_realised
      FROM moved
     GROUP BY moved_on
    WINDOW along AS (ORDER BY moved_on)
), eve AS (
    -- The last day before those at work: it stands, and what accumulates begins with it.
    SELECT d.net_asset_value, d.wealth_net, d.wealth_gross, d.wealth_peak,
           d.return_count, d.return_sum, d.return_square_sum, d.max_drawdown
      FROM portfolio_life l
      CROSS JOIN LATERAL (
            SELECT * FROM rollup.portfolio_day p
             WHERE p.portfolio_id = portfolio_days.portfolio_id AND p.valued_on < portfolio_days.from_on
             ORDER BY p.valued_on DESC LIMIT 1) AS d
     WHERE l.portfolio_id = portfolio_days.portfolio_id AND l.first_on < portfolio_days.from_on
), living AS (
    SELECT d.valued_on, d.previous_on,
           coalesce(v.securities_value, 0)                         AS securities_value,
           coalesce(v.cash_value, 0)                               AS cash_value,
           coalesce(v.securities_value + v.cash_value, 0)          AS v1,
           coalesce(s.average_cost, 0)                             AS average_cost,
           coalesce(s.fifo_cost, 0)                                AS fifo_cost,
           coalesce(v.unpriced, 0)                                 AS unpriced,
           coalesce(a.external_inflow, 0)                          AS inflow,
           coalesce(a.external_outflow, 0)                         AS outflow,
           coalesce(a.management_fee, 0)                           AS fee,
           coalesce(a.safekeeping_fee, 0)                          AS safekeeping,
           coalesce(a.dividend_income, 0)                          AS income,
           coalesce(s.average_realised, 0)                         AS average_realised,
           coalesce(s.fifo_realised, 0)                            AS fifo_realised,
           f.usd_per_unit                                          AS usd_rate
      FROM portfolio_life l
      JOIN valuation_day d  ON d.valued_on >= greatest(l.first_on, portfolio_days.from_on)
                           AND d.valued_on <= coalesce(l.last_on, 'infinity')
      LEFT JOIN valued v    ON v.valued_on = d.valued_on
      LEFT JOIN standing s  ON s.valued_on = d.valued_on
      LEFT JOIN activity a  ON a.valued_on = d.valued_on
      LEFT JOIN fx_daily f  ON f.currency = portfolio_days.base_currency AND f.valued_on = d.valued_on
                           AND f.valued_on >= portfolio_days.from_on
     WHERE l.portfolio_id = portfolio_days.portfolio_id
), opened AS (
    SELECT l.*, coalesce(lag(l.v1) OVER life, e.net_asset_value, 0) AS v0,
           lag(l.valued_on) OVER life IS NULL                       AS begins,
           CASE WHEN lag(l.valued_on) OVER life IS NOT NULL THEN lag(l.usd_rate) OVER life
                ELSE (SELECT r.usd_per_unit FROM fx_daily r
                       WHERE r.currency = portfolio_days.base_currency AND r.valued_on = l.previous_on)
           END                                                      AS opening_usd_rate,
           coalesce(e.wealth_net, 1)        AS eve_net,
           coalesce(e.wealth_gross, 1)      AS eve_gross,
           coalesce(e.wealth_peak, 1)       AS eve_peak,
           coalesce(e.return_count, 0)      AS eve_count,
           coalesce(e.return_sum, 0)        AS eve_sum,
           coalesce(e.return_square_sum, 0) AS eve_square_sum,
           e.max_drawdown                   AS eve_drawdown
      FROM living l
      LEFT JOIN eve e ON true
    WINDOW life AS (ORDER BY l.valued_on)
), main AS (
    -- The offsets keep each division from being done again wherever its result is named.
    SELECT o.*, ((v1 + outflow) / nullif(v0 + inflow, 0) - 1)::double precision AS net FROM opened o OFFSET 0
), returned AS (
    -- Without fees and flows all four are one.
    SELECT m.*,
           CASE WHEN fee = 0 THEN net
                ELSE ((v1 + outflow + fee) / nullif(v0 + inflow, 0) - 1)::double precision END AS gross,
           CASE WHEN v0 <= 0 OR (inflow = 0 AND outflow = 0) THEN net
                ELSE ((v1 - inflow + outflow) / v0 - 1)::double precision END                  AS net_eod,
           CASE WHEN v0 <= 0 OR (inflow = 0 AND outflow = 0) OR v0 + inflow - outflow <= 1 THEN net
                ELSE (v1 / (v0 + inflow - outflow) - 1)::double precision END                  AS net_sod
      FROM main m
    OFFSET 0
), grown AS (
    SELECT r.*,
           rollup.product(CASE WHEN begins THEN eve_net * coalesce(1 + net, 1) ELSE 1 + net END)       OVER life AS wealth_net,
           rollup.product(CASE WHEN begins THEN eve_gross * coalesce(1 + gross, 1) ELSE 1 + gross END) OVER life AS wealth_gross,
           eve_count + count(net) OVER life                                                            AS return_count,
           sum(CASE WHEN begins THEN eve_sum + coalesce(net, 0) ELSE net END) OVER life                AS return_sum,
           sum(CASE WHEN begins THEN eve_square_sum + coalesce(net * net, 0) ELSE net * net END) OVER life AS return_square_sum
      FROM returned r
    WINDOW life AS (ORDER BY r.valued_on)
), peaked AS (
    SELECT g.*, greatest(eve_peak, max(wealth_net) OVER life) AS wealth_peak
      FROM grown g
    WINDOW life AS (ORDER BY g.valued_on)
)
SELECT portfolio_days.portfolio_id, valued_on, previous_on, portfolio_days.base_currency::varchar(3),
       v0, v1, securities_value, cash_value,
       inflow, outflow, fee, safekeeping, income, v1 - v0 - inflow + outflow,
       average_realised, fifo_realised, securities_value - average_cost, securities_value - fifo_cost,
       net, gross, net_eod, net_sod, usd_rate, opening_usd_rate, unpriced,
       wealth_net, wealth_gross, wealth_peak, return_count, return_sum, return_square_sum,
       wealth_net / wealth_peak - 1,
       least(eve_drawdown, min(wealth_net / wealth_peak - 1) OVER life)
  FROM peaked
WINDOW life AS (ORDER BY valued_on);
END;
$$;
