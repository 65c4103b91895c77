-- Purpose: how a portfolio's value is spread: by price currency (cash inside), sector (funds:
--          "Fund"), type and country of domicile (cash apart). Summed when it is read: a day of a
--          portfolio is a few dozen positions, and there are almost as many buckets.
-- Grain:   one row per portfolio, valuation day, breakdown and bucket; buckets of one breakdown sum
--          to the net asset value.
-- Owner:   helio_rollup.  Readers: figures.exposure_day (helio_gate), helio_worker.

CREATE VIEW rollup.exposure_day AS
WITH bucketed AS NOT MATERIALIZED (
    SELECT p.portfolio_id, p.valued_on, b.breakdown, b.bucket, sum(p.base_value) AS value_base
      FROM rollup.position_daily p
      JOIN listing l    ON l.id = p.listing_id
      JOIN instrument i ON i.id = l.instrument_id
      CROSS JOIN LATERAL (VALUES
            ('currency',      p.price_currency::text),
            ('sector',        CASE WHEN p.average_cost IS NULL THEN 'Cash'
                                   WHEN i.security_type IN ('ETF', 'Fund') THEN 'Fund'
                                   ELSE coalesce(nullif(i.sector, ''), 'Unclassified') END),
            ('security_type', CASE WHEN p.average_cost IS NULL THEN 'Cash'
                                   ELSE coalesce(nullif(i.security_type, ''), 'Unclassified') END),
            ('domicile',      CASE WHEN p.average_cost IS NULL THEN 'Cash'
                                   ELSE coalesce(nullif(i.domicile, ''), 'Unclassified') END)
           ) AS b (breakdown, bucket)
     WHERE p.base_value IS NOT NULL
     GROUP BY p.portfolio_id, p.valued_on, b.breakdown, b.bucket
)
SELECT portfolio_id, valued_on, breakdown, bucket, value_base,
       (value_base / nullif(sum(value_base) OVER (PARTITION BY portfolio_id, valued_on, breakdown), 0))::double precision
           AS share_of_nav
  FROM bucketed;

GRANT SELECT ON rollup.exposure_day TO helio_gate, helio_worker, helio_audit;
