-- Purpose: whom a change of rank touched is noted for the refresh; the worker's list is emptied.
-- Grain:   one row per portfolio or listing.  Owner: helio_worker, when a rank changed.

DELETE FROM staging.touched WHERE batch_id = %(batch)s::integer
