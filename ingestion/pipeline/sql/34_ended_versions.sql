-- Purpose: how many facts of a batch a later version, or a better source, has ended.
-- Grain:   one row per file.  Owner: helio_worker, after the last part of a file; {target} holds
--          the facts.

SELECT file_id, count(*)
  FROM {target}
 WHERE batch_id = %(batch)s::integer AND known_to IS NOT NULL AND copy_of IS NULL
 GROUP BY file_id
