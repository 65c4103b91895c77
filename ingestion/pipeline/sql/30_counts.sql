-- Purpose: what became of each file's records of one kind (second records of a line and replays do
--          not count), and the newest day they speak of. An empty outcome says: simply loaded, or
--          with a code, held.
-- Grain:   one row per file and outcome.  Owner: helio_worker, while loading; {day} of {table}.

SELECT file_id,
       coalesce(outcome, CASE WHEN code IS NULL THEN 'loaded' ELSE 'quarantined' END) AS became,
       count(*) FILTER (WHERE NOT beside AND held_item IS NULL),
       max({day})
  FROM {table}
 WHERE batch_id = %(batch)s::integer
 GROUP BY file_id, became
