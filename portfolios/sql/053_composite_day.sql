-- Purpose: the firm and its desks as composites in the firm's currency, US dollars. Daily return
--          from flows and values, (ΣV1 + ΣOUT) / (ΣV0 + ΣIN) − 1, each day at its own fixings;
--          never an average of returns.
-- Grain:   one row per desk and valuation day; desk_id 0 is the whole firm.
-- Owner:   helio_rollup.  Readers: figures.desk_day, figures.firm_day (helio_gate).

CREATE FUNCTION rollup.composite(from_on date, until_on date)
RETURNS TABLE (
    desk_id integer, valued_on date, opening_value numeric, net_asset_value numeric,
    external_inflow numeric, external_outflow numeric, day_pnl numeric, portfolio_count bigint,
    return_net double precision, benchmark_return double precision,
    wealth_net double precision, benchmark_wealth double precision
)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    WITH member AS (
        SELECT c.portfolio_id, c.valued_on, c.opening_value, c.opening_usd_rate, c.net_asset_value,
               c.external_inflow, c.external_outflow, c.usd_rate
          FROM rollup.portfolio_day_closed c WHERE c.valued_on >= from_on AND c.valued_on < until_on
        UNION ALL
        SELECT o.portfolio_id, o.valued_on, o.opening_value, o.opening_usd_rate, o.net_asset_value,
               o.external_inflow, o.external_outflow, o.usd_rate
          FROM rollup.portfolio_day_open o WHERE o.valued_on >= from_on AND o.valued_on < until_on
    ), summed AS (
        SELECT coalesce(p.desk_id, 0) AS desk_id, m.valued_on,
               -- Without a rate before the first day there was nothing to convert either.
               sum(m.opening_value * coalesce(m.opening_usd_rate, 0)) AS v0,
               sum(m.net_asset_value * m.usd_rate)  AS v1,
               sum(m.external_inflow * m.usd_rate)  AS inflow,
               sum(m.external_outflow * m.usd_rate) AS outflow,
               count(*)                             AS portfolio_count
          FROM member m
          JOIN portfolio p ON p.id = m.portfolio_id
         GROUP BY GROUPING SETS ((p.desk_id, m.valued_on), (m.valued_on))
    ), index_return AS MATERIALIZED (
        SELECT i.valued_on, i.usd_value / lag(i.usd_value) OVER (ORDER BY i.valued_on) - 1 AS benchmark
          FROM rollup.index_value(from_on, until_on) i
    ), compared AS (
        SELECT s.*,
               ((s.v1 + s.outflow) / nullif(s.v0 + s.inflow, 0) - 1)::double precision AS net,
               i.benchmark::double precision                                           AS benchmark
          FROM summed s
          LEFT JOIN index_return i ON i.valued_on = s.valued_on
    )
    SELECT c.desk_id, c.valued_on, c.v0::numeric(30, 10), c.v1::numeric(30, 10),
           c.inflow::numeric(30, 10), c.outflow::numeric(30, 10),
           (c.v1 - c.v0 - c.inflow + c.outflow)::numeric(30, 10), c.portfolio_count, c.net, c.benchmark,
           rollup.product(1 + c.net)       OVER life,
           rollup.product(1 + c.benchmark) OVER life
      FROM compared c
    WINDOW life AS (PARTITION BY c.desk_id ORDER BY c.valued_on);
END;

CREATE MATERIALIZED VIEW rollup.composite_day_closed AS
SELECT * FROM rollup.composite('-infinity', rollup.open_from());

CREATE UNIQUE INDEX composite_day_closed_key ON rollup.composite_day_closed (desk_id, valued_on);

-- Goes on from the last closed day.
CREATE MATERIALIZED VIEW rollup.composite_day_open AS
SELECT c.desk_id, c.valued_on, c.opening_value, c.net_asset_value, c.external_inflow, c.external_outflow,
       c.day_pnl, c.portfolio_count, c.return_net, c.benchmark_return,
       coalesce(s.wealth_net, 1) * c.wealth_net             AS wealth_net,
       coalesce(s.benchmark_wealth, 1) * c.benchmark_wealth AS benchmark_wealth
  FROM rollup.composite(rollup.open_from(), 'infinity') c
  LEFT JOIN LATERAL (
        SELECT b.wealth_net, b.benchmark_wealth FROM rollup.composite_day_closed b
         WHERE b.desk_id = c.desk_id ORDER BY b.valued_on DESC LIMIT 1) s ON true;

CREATE UNIQUE INDEX composite_day_open_key ON rollup.composite_day_open (desk_id, valued_on);

GRANT SELECT ON rollup.composite_day_closed, rollup.composite_day_open TO helio_gate, helio_worker, helio_audit;
GRANT MAINTAIN ON rollup.composite_day_closed, rollup.composite_day_open TO helio_worker;
