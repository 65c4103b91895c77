-- Purpose: what a person mended was not known before it was mended, whatever its line says.
-- Grain:   one row per record of a file that was sent again.  Owner: helio_worker, while loading.

UPDATE {table}
   SET known_from = greatest(known_from, %(at)s::timestamptz)
 WHERE file_id = %(file)s::integer
