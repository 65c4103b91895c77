-- Purpose: holds a trade that names no instrument.
-- Grain:   one row per staged event.  Owner: helio_worker, while loading.

UPDATE staging.event
   SET code     = 'UNKNOWN_INSTRUMENT',
       reason   = 'no code',
       sentence = 'The record names no instrument.'
 WHERE batch_id = %(batch)s::integer
   AND outcome IS NULL
   AND scheme IS NULL
   AND status <> 'CANCEL'
   AND kind IN ('BUY', 'SELL', 'DIVIDEND', 'SPLIT', 'TRANSFER_IN', 'TRANSFER_OUT')
