-- Purpose: why what was taken could not take effect; no row when it did.
-- Grain:   one row.  Owner: helio_worker, after the load of what was taken.

SELECT sentence FROM {table} WHERE batch_id = %(batch)s::integer AND code IS NOT NULL
