-- Purpose: currencies whose fixings a wave changed, and from which day on.
-- Grain:   one row per currency.  Owner: helio_worker, while loading.

SELECT currency, min(fixed_on)
  FROM staging.fx_fixing
 CROSS JOIN LATERAL unnest(ARRAY[base_currency, quote_currency]) AS currency
 WHERE batch_id = %(batch)s::integer AND coalesce(outcome, 'loaded') IN ('loaded', 'superseded')
 GROUP BY currency
