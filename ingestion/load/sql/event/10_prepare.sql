-- Purpose: fills what a source may leave out, and holds a trade that names no instrument.
-- Grain:   one row per staged event.  Owner: helio_worker, while loading.

UPDATE staging.event
   SET version    = coalesce(version, 0),
       status     = coalesce(status, 'NEW'),
       settles_on = coalesce(settles_on, on_day),
       code       = CASE WHEN nameless THEN 'UNKNOWN_INSTRUMENT' END,
       reason     = CASE WHEN nameless THEN 'no code' END,
       sentence   = CASE WHEN nameless THEN 'The record names no instrument.' END
  FROM (SELECT row_id AS id,
               scheme IS NULL AND coalesce(status, 'NEW') <> 'CANCEL'
               AND kind IN ('BUY', 'SELL', 'DIVIDEND', 'SPLIT', 'TRANSFER_IN', 'TRANSFER_OUT') AS nameless
          FROM staging.event
         WHERE batch_id = %(batch)s::integer AND outcome IS NULL) AS looked_at
 WHERE row_id = id
