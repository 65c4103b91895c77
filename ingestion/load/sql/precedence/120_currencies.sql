-- Purpose: the currencies whose contested fixings are judged again, and from which day on.
-- Grain:   one row per currency.  Owner: helio_worker, when a rank changed, before 35.

SELECT currency, min(fixing.fixed_on)
  FROM staging.contested
  JOIN public.fx_fixing AS fixing ON fixing.id = contested.fact_id
 CROSS JOIN LATERAL unnest(ARRAY[fixing.base_currency, fixing.quote_currency]) AS currency
 WHERE contested.batch_id = %(batch)s::integer
 GROUP BY currency
