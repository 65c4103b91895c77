-- Purpose: after the load a mended event counts among its file's records like any other.
-- Grain:   one row per event that took the place of a held one.  Owner: helio_worker.

UPDATE staging.event
   SET held_item = NULL
 WHERE batch_id = %(batch)s::integer AND held_item IS NOT NULL
