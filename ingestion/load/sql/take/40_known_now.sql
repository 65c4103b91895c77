-- Purpose: what a person took is known from then on, whatever its line says.
-- Grain:   one row.  Owner: helio_worker, after 20 or 30.

UPDATE {table}
   SET known_from = greatest(known_from, %(at)s::timestamptz)
 WHERE batch_id = %(batch)s::integer
