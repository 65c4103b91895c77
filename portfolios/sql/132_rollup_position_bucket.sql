-- Purpose: which bucket of each breakdown a holding counts to. A breakdown of many portfolios is
--          summed from it at once: summed for each portfolio first, and those sums again, it took
--          nearly twice as long.
-- Grain:   one row per portfolio, valuation day and listing held that has a value, one column per
--          breakdown: price currency (cash inside), sector (funds: "Fund"), type and country of
--          domicile (cash apart). exposure_day, as before: by breakdown and bucket.
-- Owner:   helio_rollup.  Readers: figures.position_bucket (helio_gate), rollup.exposure_day.

CREATE VIEW rollup.position_bucket AS
SELECT p.portfolio_id, p.valued_on, p.base_value,
       p.price_currency::text AS currency,
       CASE WHEN p.average_cost IS NULL THEN 'Cash'
            WHEN i.security_type IN ('ETF', 'Fund') THEN 'Fund'
            ELSE coalesce(nullif(i.sector, ''), 'Unclassified') END AS sector,
       CASE WHEN p.average_cost IS NULL THEN 'Cash'
            ELSE coalesce(nullif(i.security_type, ''), 'Unclassified') END AS security_type,
       CASE WHEN p.average_cost IS NULL THEN 'Cash'
            ELSE coalesce(nullif(i.domicile, ''), 'Unclassified') END AS domicile
  FROM rollup.position_served p
  JOIN listing l    ON l.id = p.listing_id
  JOIN instrument i ON i.id = l.instrument_id
 WHERE p.base_value IS NOT NULL;

CREATE OR REPLACE VIEW rollup.exposure_day AS
WITH bucketed AS NOT MATERIALIZED (
    SELECT p.portfolio_id, p.valued_on, b.breakdown, b.bucket, sum(p.base_value) AS value_base
      FROM rollup.position_bucket p
      CROSS JOIN LATERAL (VALUES
            ('currency', p.currency),
            ('sector', p.sector),
            ('security_type', p.security_type),
            ('domicile', p.domicile)
           ) AS b (breakdown, bucket)
     GROUP BY p.portfolio_id, p.valued_on, b.breakdown, b.bucket
)
SELECT portfolio_id, valued_on, breakdown, bucket, value_base,
       (value_base / nullif(sum(value_base) OVER (PARTITION BY portfolio_id, valued_on, breakdown), 0))::double precision
           AS share_of_nav
  FROM bucketed;

GRANT SELECT ON rollup.position_bucket TO helio_gate, helio_worker, helio_audit;
