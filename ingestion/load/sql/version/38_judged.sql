-- Purpose: the contested facts are judged.
-- Grain:   one row per fact.  Owner: helio_worker, after 35.

DELETE FROM staging.contested WHERE batch_id = %(batch)s::integer
