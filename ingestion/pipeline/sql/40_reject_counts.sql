-- Purpose: how many lines of each file could not be read.
-- Grain:   one row per file.  Owner: helio_worker, while loading.

SELECT file_id, count(*)
  FROM staging.reject
 WHERE batch_id = %(batch)s::integer
 GROUP BY file_id
