-- Purpose: holds an event in a currency that nothing else of ours knows (a typing error, mostly).
-- Grain:   one row per staged event.  Owner: helio_worker, while loading.

UPDATE staging.event AS staged
   SET code     = 'UNKNOWN_CURRENCY',
       reason   = named.currency,
       sentence = format('No portfolio, listing or fixing is in the currency %%s.', named.currency)
  FROM (SELECT row_id, unnest(ARRAY[currency, second_currency]) AS currency
          FROM staging.event
         WHERE batch_id = %(batch)s::integer) AS named
 WHERE staged.row_id = named.row_id
   AND staged.code IS NULL
   AND staged.outcome IS NULL
   AND named.currency <> ''
   AND NOT EXISTS (SELECT FROM public.listing WHERE listing.key = 'CASH:' || named.currency)
