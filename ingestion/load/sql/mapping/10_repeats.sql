-- Purpose: tells a mapping stated again (no effect), also one that people have overruled since:
--          a source that repeats it every day does not undo what two people decided.
-- Grain:   one row per staged mapping.  Owner: helio_worker, while loading.
--          {staging}, {target}; {same_code}, {same_meaning} compare s(taged) with t(arget);
--          {keys} are the staged columns of the code, {meaning} the staged column it means.

WITH ranked AS (
    SELECT s.row_id,
           row_number() OVER (PARTITION BY {keys}, {meaning}, s.valid_from, s.valid_to
                              ORDER BY s.file_id, s.line_no) AS place
      FROM {staging} AS s
     WHERE s.batch_id = %(batch)s::integer AND s.outcome IS NULL AND s.code IS NULL
), repeated AS (
    SELECT ranked.row_id
      FROM ranked
      JOIN {staging} AS s ON s.row_id = ranked.row_id
      LEFT JOIN {target} AS t ON {same_code} AND {same_meaning}
                             AND (t.known_to IS NULL OR t.closed_by_id IS NOT NULL)
                             AND (t.valid_from, t.valid_to) IS NOT DISTINCT FROM (s.valid_from, s.valid_to)
     WHERE ranked.place > 1 OR t.id IS NOT NULL
)
UPDATE {staging} AS staged
   SET outcome = 'duplicate'
  FROM repeated
 WHERE staged.row_id = repeated.row_id
