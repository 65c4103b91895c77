-- Purpose: the firm and its desks as composites in the firm's currency, US dollars. Daily return
--          from flows and values, (ΣV1 + ΣOUT) / (ΣV0 + ΣIN) − 1, each day at its own fixings;
--          never an average of returns.
-- Grain:   one row per desk and valuation day; desk_id 0 is the whole firm.
-- Owner:   helio_rollup.  Sums written by helio_worker (refresh/62_composite_sum.sql).
--          Readers: figures.desk_day, figures.firm_day (helio_gate).

-- Unrounded: the return comes from what the portfolios are worth, not from what is printed.
CREATE TABLE rollup.composite_sum (
    desk_id          integer NOT NULL,
    valued_on        date NOT NULL,
    opening_value    numeric,
    net_asset_value  numeric,
    external_inflow  numeric,
    external_outflow numeric,
    portfolio_count  bigint NOT NULL
) WITH (fillfactor = 90);

ALTER TABLE rollup.composite_sum ADD CONSTRAINT composite_sum_key PRIMARY KEY (desk_id, valued_on);

ALTER TABLE rollup.composite_sum ENABLE ROW LEVEL SECURITY;
ALTER TABLE rollup.composite_sum FORCE ROW LEVEL SECURITY;
CREATE POLICY worker ON rollup.composite_sum TO helio_worker USING (true) WITH CHECK (true);
CREATE POLICY reader ON rollup.composite_sum FOR SELECT TO helio_rollup, helio_audit USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE, MAINTAIN ON rollup.composite_sum TO helio_worker;
GRANT SELECT ON rollup.composite_sum TO helio_audit;

-- A row per composite and day: so few at any number of portfolios that it is computed whole.
CREATE MATERIALIZED VIEW rollup.composite_day AS
WITH index_return AS MATERIALIZED (
    SELECT i.valued_on, i.usd_value / lag(i.usd_value) OVER (ORDER BY i.valued_on) - 1 AS benchmark
      FROM rollup.index_day i
), compared AS (
    SELECT s.*,
           ((s.net_asset_value + s.external_outflow) / nullif(s.opening_value + s.external_inflow, 0) - 1)::double precision AS net,
           i.benchmark::double precision AS benchmark
      FROM rollup.composite_sum s
      LEFT JOIN index_return i ON i.valued_on = s.valued_on
)
SELECT c.desk_id, c.valued_on,
       c.opening_value::numeric(30, 10)    AS opening_value,
       c.net_asset_value::numeric(30, 10)  AS net_asset_value,
       c.external_inflow::numeric(30, 10)  AS external_inflow,
       c.external_outflow::numeric(30, 10) AS external_outflow,
       (c.net_asset_value - c.opening_value - c.external_inflow + c.external_outflow)::numeric(30, 10) AS day_pnl,
       c.portfolio_count,
       c.net       AS return_net,
       c.benchmark AS benchmark_return,
       rollup.product(1 + c.net)       OVER life AS wealth_net,
       rollup.product(1 + c.benchmark) OVER life AS benchmark_wealth
  FROM compared c
WINDOW life AS (PARTITION BY c.desk_id ORDER BY c.valued_on);

CREATE UNIQUE INDEX composite_day_key ON rollup.composite_day (desk_id, valued_on);

GRANT SELECT ON rollup.composite_day TO helio_gate, helio_worker, helio_audit;
GRANT MAINTAIN ON rollup.composite_day TO helio_worker;
