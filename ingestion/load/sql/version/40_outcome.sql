-- Purpose: what became of the records that were not simply loaded (an empty outcome says that):
--          superseded, since a later version was known or a better source decides, or held.
-- Grain:   one row per such record.  Owner: helio_worker, while loading, after 30.

WITH ended AS (
    SELECT s.row_id, 'superseded' AS outcome
      FROM staging.rival
      JOIN {staging} AS s ON s.row_id = rival.row_id AND s.outcome IS NULL AND s.code IS NULL
      JOIN {target} AS t ON {identity} AND t.known_to IS NOT NULL AND t.batch_id = s.batch_id
                        AND t.file_id = s.file_id AND t.line_no = s.line_no
     WHERE rival.batch_id = %(batch)s::integer
       AND NOT EXISTS (SELECT FROM {target} AS again
                        WHERE again.copy_of = t.id AND again.known_to IS NULL AND again.batch_id = s.batch_id)
    UNION ALL
    SELECT row_id, 'quarantined'
      FROM {staging}
     WHERE batch_id = %(batch)s::integer AND outcome IS NULL AND code IS NOT NULL
)
UPDATE {staging} AS s
   SET outcome = ended.outcome
  FROM ended
 WHERE ended.row_id = s.row_id
