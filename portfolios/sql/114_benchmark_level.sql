-- Purpose: the benchmark by currency, divided once in a refresh instead of for every reader's day: a
--          long history took longer to divide than to read. Statistics, so double precision.
-- Grain:   benchmark_level: one row per currency and valuation day with a level, and the eve of the
--          first. benchmark_day: one row per portfolio and such a day of its life.
-- Owner:   helio_rollup.  Readers: figures.benchmark_day (helio_gate), helio_worker.

ALTER MATERIALIZED VIEW rollup.benchmark_level RENAME TO benchmark_level_before;
ALTER INDEX rollup.benchmark_level_key RENAME TO benchmark_level_before_key;

CREATE MATERIALIZED VIEW rollup.benchmark_level AS
SELECT currency, valued_on, value::double precision AS level,
       (value / lag(value) OVER (PARTITION BY currency ORDER BY valued_on) - 1)::double precision AS day_return
  FROM (SELECT f.currency, i.valued_on, i.usd_value / f.usd_per_unit AS value
          FROM rollup.index_day i
          JOIN fx_daily f ON f.valued_on = i.valued_on) AS priced;

CREATE UNIQUE INDEX benchmark_level_key ON rollup.benchmark_level (currency, valued_on);

CREATE OR REPLACE VIEW rollup.benchmark_day AS
SELECT l.portfolio_id, i.valued_on, i.day_return AS benchmark_return, i.level / e.level AS benchmark_wealth
  FROM portfolio_life l
  JOIN portfolio o              ON o.id = l.portfolio_id
  JOIN valuation_day d          ON d.valued_on = l.first_on
  JOIN rollup.benchmark_level e ON e.currency = o.base_currency AND e.valued_on = d.previous_on
  JOIN rollup.benchmark_level i ON i.currency = o.base_currency
                               AND i.valued_on BETWEEN l.first_on AND coalesce(l.last_on, 'infinity')
 WHERE i.day_return IS NOT NULL;

DROP MATERIALIZED VIEW rollup.benchmark_level_before;

GRANT SELECT ON rollup.benchmark_level TO helio_gate, helio_worker, helio_audit;
GRANT MAINTAIN ON rollup.benchmark_level TO helio_worker;
