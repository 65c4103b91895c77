-- Purpose: holds an event in a currency that nothing else of ours knows (a typing error, mostly).
-- Grain:   one row per staged event.  Owner: helio_worker, while loading.

WITH known AS (
    SELECT substr(key, 6) AS currency FROM public.listing WHERE key LIKE 'CASH:%%'
), stranger AS (
    SELECT row_id,
           CASE WHEN currency IS NULL OR currency IN (SELECT currency FROM known)
                THEN second_currency ELSE currency END AS currency
      FROM staging.event
     WHERE batch_id = %(batch)s::integer
       AND code IS NULL
       AND outcome IS NULL
       AND (currency NOT IN (SELECT currency FROM known)
            OR second_currency NOT IN (SELECT currency FROM known))
)
UPDATE staging.event AS staged
   SET code     = 'UNKNOWN_CURRENCY',
       reason   = stranger.currency,
       sentence = format('No portfolio, listing or fixing is in the currency %%s.', stranger.currency)
  FROM stranger
 WHERE staged.row_id = stranger.row_id
