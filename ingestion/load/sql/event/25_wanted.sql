-- Purpose: how many staged events want to be registered.
-- Grain:   one row.  Owner: helio_worker, while loading.

SELECT count(*)
  FROM staging.event
 WHERE batch_id = %(batch)s::integer AND outcome IS NULL AND held_item IS NULL
