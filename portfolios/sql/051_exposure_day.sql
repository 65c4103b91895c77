-- Purpose: how a portfolio's value is spread: by price currency (cash inside), sector (funds:
--          "Fund"), type and country of domicile (cash apart).
-- Grain:   one row per portfolio, valuation day, breakdown and bucket; buckets of one breakdown sum
--          to the net asset value.
-- Owner:   helio_rollup.  Readers: figures.exposure_day (helio_gate).

CREATE FUNCTION rollup.exposure(from_on date, until_on date)
RETURNS TABLE (
    portfolio_id integer, valued_on date, breakdown text, bucket text,
    value_base numeric, share_of_nav double precision
)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    WITH classified AS (
        SELECT p.portfolio_id, p.valued_on, p.base_value,
               p.price_currency::text AS currency,
               CASE WHEN p.average_cost IS NULL THEN 'Cash'
                    WHEN i.security_type IN ('ETF', 'Fund') THEN 'Fund'
                    ELSE coalesce(nullif(i.sector, ''), 'Unclassified') END AS sector,
               CASE WHEN p.average_cost IS NULL THEN 'Cash'
                    ELSE coalesce(nullif(i.security_type, ''), 'Unclassified') END AS security_type,
               CASE WHEN p.average_cost IS NULL THEN 'Cash'
                    ELSE coalesce(nullif(i.domicile, ''), 'Unclassified') END AS domicile
          FROM position_daily p
          JOIN listing l    ON l.id = p.listing_id
          JOIN instrument i ON i.id = l.instrument_id
         WHERE p.valued_on >= from_on AND p.valued_on < until_on AND p.base_value IS NOT NULL
    ), bucketed AS (
        SELECT c.portfolio_id, c.valued_on, c.currency, c.sector, c.security_type, c.domicile,
               sum(c.base_value) AS value_base
          FROM classified c
         GROUP BY GROUPING SETS ((c.portfolio_id, c.valued_on, c.currency),
                                 (c.portfolio_id, c.valued_on, c.sector),
                                 (c.portfolio_id, c.valued_on, c.security_type),
                                 (c.portfolio_id, c.valued_on, c.domicile))
    ), named AS (
        SELECT b.portfolio_id, b.valued_on,
               CASE WHEN b.currency IS NOT NULL THEN 'currency'
                    WHEN b.sector IS NOT NULL THEN 'sector'
                    WHEN b.security_type IS NOT NULL THEN 'security_type'
                    ELSE 'domicile' END AS breakdown,
               coalesce(b.currency, b.sector, b.security_type, b.domicile) AS bucket,
               b.value_base
          FROM bucketed b
    )
    SELECT n.portfolio_id, n.valued_on, n.breakdown, n.bucket, n.value_base,
           (n.value_base / nullif(sum(n.value_base) OVER (
                PARTITION BY n.portfolio_id, n.valued_on, n.breakdown), 0))::double precision
      FROM named n;
END;

CREATE MATERIALIZED VIEW rollup.exposure_day_closed AS
SELECT * FROM rollup.exposure('-infinity', rollup.open_from());

CREATE UNIQUE INDEX exposure_day_closed_key
    ON rollup.exposure_day_closed (portfolio_id, valued_on, breakdown, bucket);

CREATE MATERIALIZED VIEW rollup.exposure_day_open AS
SELECT * FROM rollup.exposure(rollup.open_from(), 'infinity');

CREATE UNIQUE INDEX exposure_day_open_key
    ON rollup.exposure_day_open (portfolio_id, valued_on, breakdown, bucket);

GRANT SELECT ON rollup.exposure_day_closed, rollup.exposure_day_open TO helio_gate, helio_worker, helio_audit;
GRANT MAINTAIN ON rollup.exposure_day_closed, rollup.exposure_day_open TO helio_worker;
