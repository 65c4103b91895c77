-- Purpose: what became of each file's records of one kind; second records of a line do not count.
-- Grain:   one row per file and outcome.  Owner: helio_worker, while loading.

SELECT file_id, coalesce(outcome, 'loaded'), count(*)
  FROM {table}
 WHERE batch_id = %(batch)s::integer AND NOT beside AND held_item IS NULL
 GROUP BY 1, 2
