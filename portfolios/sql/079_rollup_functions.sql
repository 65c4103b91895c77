-- Purpose: what the rollups are made of.
-- Owner:   helio_rollup.  Readers: the views of schema rollup, and the refresh (helio_worker).

-- Growth of one unit: the product of its arguments, empty ones left out, 1 when there is none.
CREATE AGGREGATE rollup.product(double precision) (
    sfunc = float8mul, stype = double precision, initcond = '1', parallel = safe
);

GRANT EXECUTE ON FUNCTION rollup.product(double precision) TO helio_worker;

-- Value of the firm's benchmark, the first one entered, in US dollars, on every valuation day and on
-- the eve of the first.
CREATE FUNCTION rollup.index_value() RETURNS TABLE (valued_on date, usd_value numeric)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    WITH firm_benchmark AS (
        SELECT b.id, b.currency FROM benchmark b ORDER BY b.id LIMIT 1
    ), days AS (
        SELECT d.valued_on FROM valuation_day d
        UNION
        SELECT min(d.previous_on) FROM valuation_day d
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

-- So few rows that it is computed whole; the benchmark by currency and the firm are built on it.
CREATE MATERIALIZED VIEW rollup.index_day AS SELECT valued_on, usd_value FROM rollup.index_value();

CREATE UNIQUE INDEX index_day_key ON rollup.index_day (valued_on);

GRANT SELECT ON rollup.index_day TO helio_gate, helio_worker, helio_audit;
GRANT MAINTAIN ON rollup.index_day TO helio_worker;
