-- Purpose: how listings are called.  Grain: one row per listing.  Owner: helio_worker.

SELECT listing.id, listing.key, instrument.name
  FROM listing JOIN instrument ON instrument.id = listing.instrument_id
 WHERE listing.id = ANY (%(ids)s::integer[])
