-- Purpose: a breakdown of the value on a day, summed over portfolios, in one reporting currency.
-- Grain:   one row per bucket.
-- Readers: portfolios/figures/holdings.py, as helio_web.

SELECT e.bucket,
       sum(e.value_base * CASE WHEN o.base_currency = %(currency)s::text THEN 1
                               ELSE b.usd_per_unit / r.usd_per_unit END) AS value
  FROM figures.exposure_day e
  JOIN portfolio o ON o.id = e.portfolio_id
  JOIN fx_daily b  ON b.currency = o.base_currency AND b.valued_on = e.valued_on
  JOIN fx_daily r  ON r.currency = %(currency)s::text AND r.valued_on = e.valued_on
 WHERE e.valued_on = %(as_of)s::date AND e.breakdown = %(breakdown)s::text
   AND (%(portfolio_ids)s::integer[] IS NULL OR e.portfolio_id = ANY (%(portfolio_ids)s::integer[]))
 GROUP BY e.bucket
 ORDER BY value DESC, e.bucket;
