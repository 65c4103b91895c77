-- Purpose: the benchmark in a portfolio's base currency: index level × fixing against the valuation
--          day before; the first day against the session before it.
-- Grain:   benchmark_level: one row per currency and valuation day with a level, and the eve of the
--          first. benchmark_day: one row per portfolio and such a day of its life.
-- Owner:   helio_rollup.  Readers: figures.benchmark_day (helio_gate), helio_worker.
--
-- Every portfolio is measured against the firm's benchmark: the first one entered. So the few rows
-- by currency are materialised, and a portfolio's days are looked up in them.

CREATE MATERIALIZED VIEW rollup.benchmark_level AS
SELECT f.currency, i.valued_on,
       i.usd_value / f.usd_per_unit AS value,
       lag(i.usd_value / f.usd_per_unit) OVER (PARTITION BY f.currency ORDER BY i.valued_on) AS value_before
  FROM rollup.index_day i
  JOIN fx_daily f ON f.valued_on = i.valued_on;

CREATE UNIQUE INDEX benchmark_level_key ON rollup.benchmark_level (currency, valued_on);

CREATE VIEW rollup.benchmark_day AS
SELECT l.portfolio_id, i.valued_on,
       (i.value / i.value_before - 1)::double precision AS benchmark_return,
       (i.value / e.value)::double precision            AS benchmark_wealth
  FROM portfolio_life l
  JOIN portfolio o              ON o.id = l.portfolio_id
  JOIN valuation_day d          ON d.valued_on = l.first_on
  JOIN rollup.benchmark_level e ON e.currency = o.base_currency AND e.valued_on = d.previous_on
  JOIN rollup.benchmark_level i ON i.currency = o.base_currency
                               AND i.valued_on BETWEEN l.first_on AND coalesce(l.last_on, 'infinity')
 WHERE i.value_before IS NOT NULL;

GRANT SELECT ON rollup.benchmark_level, rollup.benchmark_day TO helio_gate, helio_worker, helio_audit;
GRANT MAINTAIN ON rollup.benchmark_level TO helio_worker;
