-- Purpose: the firm and its desks as composites, with the return gross of the management fee beside the net
--          one: (ΣV1 + ΣOUT + ΣFEE) / (ΣV0 + ΣIN) − 1, each day at its own fixings; never an average of
--          returns. Fees are summed where the views are made: they fall on few days.
-- Grain:   one row per desk and valuation day, in US dollars; desk_id 0 is the whole firm.
-- Owner:   helio_rollup.  Sums written by helio_worker (refresh/62_composite_sum.sql).
--          Readers: figures.desk_day, figures.firm_day (helio_gate).

DROP VIEW rollup.composite_day;
DROP MATERIALIZED VIEW rollup.composite_day_open, rollup.composite_day_closed;
DROP FUNCTION rollup.composite(date, date);

-- The rows of a span, from_on included, until_on not; what accumulates starts at 1 on its eve.
CREATE FUNCTION rollup.composite(from_on date, until_on date)
RETURNS TABLE (
    desk_id integer, valued_on date, opening_value numeric, net_asset_value numeric,
    external_inflow numeric, external_outflow numeric, day_pnl numeric, portfolio_count bigint,
    return_net double precision, return_gross double precision, benchmark_return double precision,
    wealth_net double precision, wealth_gross double precision, benchmark_wealth double precision
)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    WITH index_return AS MATERIALIZED (
        SELECT i.valued_on, i.usd_value / lag(i.usd_value) OVER (ORDER BY i.valued_on) - 1 AS benchmark
          FROM rollup.index_day i
    ), fee AS MATERIALIZED (
        SELECT CASE WHEN grouping(o.desk_id) = 1 THEN 0 ELSE o.desk_id END AS desk_id, p.valued_on,
               sum(p.management_fee * p.usd_rate)                          AS management_fee
          FROM rollup.portfolio_day p
          JOIN portfolio o ON o.id = p.portfolio_id
         WHERE p.management_fee <> 0 AND p.valued_on >= from_on AND p.valued_on < until_on
         GROUP BY GROUPING SETS ((o.desk_id, p.valued_on), (p.valued_on))
    ), compared AS (
        SELECT s.*,
               ((s.net_asset_value + s.external_outflow)
                / nullif(s.opening_value + s.external_inflow, 0) - 1)::double precision AS net,
               ((s.net_asset_value + s.external_outflow + f.management_fee)
                / nullif(s.opening_value + s.external_inflow, 0) - 1)::double precision AS before_fee,
               i.benchmark::double precision                                            AS benchmark
          FROM rollup.composite_sum s
          LEFT JOIN index_return i ON i.valued_on = s.valued_on
          LEFT JOIN fee f          ON f.desk_id = s.desk_id AND f.valued_on = s.valued_on
         WHERE s.valued_on >= from_on AND s.valued_on < until_on
        OFFSET 0
    )
    SELECT c.desk_id, c.valued_on, c.opening_value::numeric(30, 10), c.net_asset_value::numeric(30, 10),
           c.external_inflow::numeric(30, 10), c.external_outflow::numeric(30, 10),
           (c.net_asset_value - c.opening_value - c.external_inflow + c.external_outflow)::numeric(30, 10),
           c.portfolio_count, c.net, coalesce(c.before_fee, c.net), c.benchmark,
           rollup.product(1 + c.net)                         OVER life,
           rollup.product(1 + coalesce(c.before_fee, c.net)) OVER life,
           rollup.product(1 + c.benchmark)                   OVER life
      FROM compared c
    WINDOW life AS (PARTITION BY c.desk_id ORDER BY c.valued_on);
END;

-- Closed months are refreshed when one of them changed, the open window in each cycle; it goes on
-- from the last closed day, so that a tick does not pay for history.
CREATE MATERIALIZED VIEW rollup.composite_day_closed AS
SELECT * FROM rollup.composite('-infinity', rollup.open_from());

CREATE UNIQUE INDEX composite_day_closed_key ON rollup.composite_day_closed (desk_id, valued_on);

CREATE MATERIALIZED VIEW rollup.composite_day_open AS
SELECT c.desk_id, c.valued_on, c.opening_value, c.net_asset_value, c.external_inflow, c.external_outflow,
       c.day_pnl, c.portfolio_count, c.return_net, c.return_gross, c.benchmark_return,
       coalesce(s.wealth_net, 1) * c.wealth_net             AS wealth_net,
       coalesce(s.wealth_gross, 1) * c.wealth_gross         AS wealth_gross,
       coalesce(s.benchmark_wealth, 1) * c.benchmark_wealth AS benchmark_wealth
  FROM rollup.composite(rollup.open_from(), 'infinity') c
  LEFT JOIN LATERAL (
        SELECT b.wealth_net, b.wealth_gross, b.benchmark_wealth FROM rollup.composite_day_closed b
         WHERE b.desk_id = c.desk_id ORDER BY b.valued_on DESC LIMIT 1) s ON true;

CREATE UNIQUE INDEX composite_day_open_key ON rollup.composite_day_open (desk_id, valued_on);

CREATE VIEW rollup.composite_day AS
SELECT * FROM rollup.composite_day_closed
UNION ALL
SELECT * FROM rollup.composite_day_open;

GRANT SELECT ON rollup.composite_day_closed, rollup.composite_day_open, rollup.composite_day
    TO helio_gate, helio_worker, helio_audit;
GRANT MAINTAIN ON rollup.composite_day_closed, rollup.composite_day_open TO helio_worker;
