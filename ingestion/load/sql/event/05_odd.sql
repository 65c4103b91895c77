-- Purpose: does any staged event name no instrument (10), or a currency nobody knows (20)?
-- Grain:   one row.  Owner: helio_worker, while loading.

SELECT EXISTS (SELECT FROM staging.event
                WHERE batch_id = %(batch)s::integer
                  AND outcome IS NULL
                  AND (scheme IS NULL AND status <> 'CANCEL'
                           AND kind IN ('BUY', 'SELL', 'DIVIDEND', 'SPLIT', 'TRANSFER_IN', 'TRANSFER_OUT')
                       OR currency NOT IN (SELECT substr(key, 6) FROM public.listing WHERE key LIKE 'CASH:%%')
                       OR second_currency NOT IN (SELECT substr(key, 6) FROM public.listing WHERE key LIKE 'CASH:%%')))
