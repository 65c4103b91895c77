-- Purpose: how many facts of a batch a later version has ended, or a better source outranks. What
--          is believed again as a copy was not ended.
-- Grain:   one row per file.  Owner: helio_worker, after the last part of a file; {target} holds
--          the facts.

SELECT file_id, count(*)
  FROM {target} AS t
 WHERE t.batch_id = %(batch)s::integer AND t.known_to IS NOT NULL AND t.copy_of IS NULL
   AND NOT EXISTS (SELECT FROM {target} AS again
                    WHERE again.copy_of = t.id AND again.known_to IS NULL AND again.batch_id = t.batch_id)
 GROUP BY file_id
