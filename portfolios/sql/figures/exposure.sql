-- Purpose: a breakdown of the value on a day, summed over portfolios, in one reporting currency.
-- Grain:   one row per bucket.
-- Readers: portfolios/figures/holdings.py, as helio_web.

-- A rate for each portfolio, not for each of its positions; and portfolio by portfolio: the planner
-- expects one behind a policy, and would go through everybody's positions for each.
WITH book AS MATERIALIZED (
    SELECT o.id,
           CASE WHEN o.base_currency = %(currency)s::text THEN 1
                ELSE b.usd_per_unit / r.usd_per_unit END AS rate
      FROM portfolio o
      JOIN fx_daily b ON b.currency = o.base_currency AND b.valued_on = %(as_of)s::date
      JOIN fx_daily r ON r.currency = %(currency)s::text AND r.valued_on = b.valued_on
     WHERE %(portfolio_ids)s::integer[] IS NULL OR o.id = ANY (%(portfolio_ids)s::integer[])
), held AS (
    SELECT CASE %(breakdown)s::text
                WHEN 'currency' THEN e.currency
                WHEN 'sector' THEN e.sector
                WHEN 'security_type' THEN e.security_type
                WHEN 'domicile' THEN e.domicile
           END AS bucket,
           e.base_value * k.rate AS value
      FROM book k
      CROSS JOIN LATERAL (
            SELECT * FROM figures.position_bucket p
             WHERE p.portfolio_id = k.id AND p.valued_on = %(as_of)s::date
            OFFSET 0) AS e
)
SELECT bucket, sum(value) AS value
  FROM held
 GROUP BY bucket
 ORDER BY value DESC, bucket;
