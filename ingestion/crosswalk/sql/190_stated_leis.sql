-- Purpose: the LEIs that staged listings state, whose check digits are then looked at.
-- Grain:   one row per LEI.  Owner: helio_worker runs it while loading.

SELECT DISTINCT issuer_lei
  FROM staging.listing
 WHERE batch_id = %(batch)s::integer AND issuer_lei IS NOT NULL
