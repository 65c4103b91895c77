-- Purpose: what became of each mapping: loaded or held.
-- Grain:   one row per staged mapping.  Owner: helio_worker, while loading.

UPDATE {staging} AS staged
   SET outcome = CASE WHEN code IS NULL THEN 'loaded' ELSE 'quarantined' END
 WHERE batch_id = %(batch)s::integer AND outcome IS NULL
