-- Purpose: the benchmark in a portfolio's base currency: index level × fixing against the valuation
--          day before; the first day against the session before it.
-- Grain:   one row per portfolio and valuation day of its life that has an index level.
-- Owner:   helio_rollup.  Readers: figures.benchmark_day (helio_gate), rollup.composite_day.
--
-- Every portfolio is measured against the firm's benchmark: the first one entered.

-- Value of the index in US dollars on every valuation day and on the eve of the first.
CREATE FUNCTION rollup.index_value(from_on date, until_on date)
RETURNS TABLE (valued_on date, usd_value numeric)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    WITH firm_benchmark AS (
        SELECT b.id, b.currency FROM benchmark b ORDER BY b.id LIMIT 1
    ), days AS (
        SELECT d.valued_on FROM valuation_day d
         WHERE d.valued_on >= from_on AND d.valued_on < until_on
        UNION
        SELECT rollup.day_before(from_on)
    )
    SELECT d.valued_on, v.level * f.usd_per_unit
      FROM days d
      CROSS JOIN firm_benchmark b
      JOIN fx_daily f ON f.currency = b.currency AND f.valued_on = d.valued_on
      JOIN LATERAL (
            SELECT i.level FROM index_level i
             WHERE i.benchmark_id = b.id AND i.level_on <= d.valued_on AND i.known_to IS NULL
             ORDER BY i.level_on DESC LIMIT 1) v ON true;
END;

CREATE FUNCTION rollup.benchmark(from_on date, until_on date)
RETURNS TABLE (
    portfolio_id integer, valued_on date, benchmark_return double precision, benchmark_wealth double precision
)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    WITH in_base AS MATERIALIZED (
        -- A window, not a join on the day before: joins of work tables without statistics go wrong.
        SELECT f.currency, i.valued_on, i.usd_value / f.usd_per_unit AS value,
               lag(i.usd_value / f.usd_per_unit) OVER (PARTITION BY f.currency ORDER BY i.valued_on) AS before
          FROM rollup.index_value(from_on, until_on) i
          JOIN fx_daily f ON f.valued_on = i.valued_on
    ), eve AS MATERIALIZED (
        SELECT d.valued_on AS first_on, f.currency, i.usd_value / f.usd_per_unit AS value
          FROM (SELECT DISTINCT l.first_on FROM portfolio_life l) AS b
          JOIN valuation_day d ON d.valued_on = b.first_on
          JOIN LATERAL rollup.index_value(b.first_on, b.first_on) i ON i.valued_on = d.previous_on
          JOIN fx_daily f ON f.valued_on = d.previous_on
    )
    SELECT l.portfolio_id, i.valued_on,
           (i.value / i.before - 1)::double precision,
           (i.value / e.value)::double precision
      FROM portfolio_life l
      JOIN portfolio o ON o.id = l.portfolio_id
      JOIN eve e       ON e.first_on = l.first_on AND e.currency = o.base_currency
      JOIN in_base i   ON i.currency = o.base_currency
                      AND i.valued_on BETWEEN l.first_on AND coalesce(l.last_on, 'infinity')
     WHERE i.valued_on >= from_on AND i.valued_on < until_on AND i.before IS NOT NULL;
END;

CREATE MATERIALIZED VIEW rollup.benchmark_day_closed AS
SELECT * FROM rollup.benchmark('-infinity', rollup.open_from());

CREATE UNIQUE INDEX benchmark_day_closed_key ON rollup.benchmark_day_closed (portfolio_id, valued_on);

CREATE MATERIALIZED VIEW rollup.benchmark_day_open AS
SELECT * FROM rollup.benchmark(rollup.open_from(), 'infinity');

CREATE UNIQUE INDEX benchmark_day_open_key ON rollup.benchmark_day_open (portfolio_id, valued_on);

GRANT SELECT ON rollup.benchmark_day_closed, rollup.benchmark_day_open TO helio_gate, helio_worker, helio_audit;
GRANT MAINTAIN ON rollup.benchmark_day_closed, rollup.benchmark_day_open TO helio_worker;
