-- Purpose: a breakdown of the value on a day, summed over portfolios, in one reporting currency.
-- Grain:   one row per bucket.
-- Readers: portfolios/figures/holdings.py, as helio_web.

-- A rate for each portfolio, not for each of its buckets; and portfolio by portfolio: the planner
-- expects one behind a policy, and would go through everybody's buckets for each.
WITH book AS MATERIALIZED (
    SELECT o.id,
           CASE WHEN o.base_currency = %(currency)s::text THEN 1
                ELSE b.usd_per_unit / r.usd_per_unit END AS rate
      FROM portfolio o
      JOIN fx_daily b ON b.currency = o.base_currency AND b.valued_on = %(as_of)s::date
      JOIN fx_daily r ON r.currency = %(currency)s::text AND r.valued_on = b.valued_on
     WHERE %(portfolio_ids)s::integer[] IS NULL OR o.id = ANY (%(portfolio_ids)s::integer[])
)
SELECT e.bucket, sum(e.value_base * k.rate) AS value
  FROM book k
  CROSS JOIN LATERAL (
        SELECT * FROM figures.exposure_day d
         WHERE d.portfolio_id = k.id AND d.valued_on = %(as_of)s::date AND d.breakdown = %(breakdown)s::text
        OFFSET 0) AS e
 GROUP BY e.bucket
 ORDER BY value DESC, e.bucket;
