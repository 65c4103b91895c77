-- Purpose: the listings of instruments.  Grain: one row per listing.  Owner: helio_worker.

SELECT instrument_id, id FROM listing WHERE instrument_id = ANY (%(ids)s::integer[])
