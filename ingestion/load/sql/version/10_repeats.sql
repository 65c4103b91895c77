-- Purpose: tells a fact delivered again (no effect) from another content under a taken identity.
-- Grain:   one row per rival (08).  Owner: helio_worker, while loading.
--          {staging}, {target}; {identity}, {content} compare s(taged) with t(arget);
--          {peers} is true where a source of s's rank stated t, {may_return} unless t ended, with its
--          mapping or by a person's word, and may come back; {keys}, {says} are the staged
--          columns of identity with version, and of content.

WITH ranked AS (
    SELECT s.row_id,
           row_number()               OVER same AS place,
           first_value(ROW({says}))   OVER same = ROW({says}) AS like_first
      FROM staging.rival
      JOIN {staging} AS s ON s.row_id = rival.row_id
     WHERE rival.batch_id = %(batch)s::integer
    WINDOW same AS (PARTITION BY {keys} ORDER BY s.file_id, s.line_no)
), repeated AS (
    SELECT ranked.row_id,
           CASE WHEN ranked.place > 1 THEN ranked.like_first ELSE ({content}) END AS same
      FROM ranked
      JOIN {staging} AS s ON s.row_id = ranked.row_id
      LEFT JOIN {target} AS t ON {identity} AND {may_return} AND t.copy_of IS NULL AND {peers}
     WHERE ranked.place > 1 OR t.id IS NOT NULL
)
UPDATE {staging} AS s
   SET outcome  = CASE WHEN repeated.same THEN 'duplicate' END,
       code     = CASE WHEN repeated.same THEN NULL ELSE 'CONFLICTING_RECORD' END,
       reason   = CASE WHEN repeated.same THEN NULL ELSE concat_ws(' ', {keys}) END,
       sentence = CASE WHEN repeated.same THEN NULL ELSE
                      format('The record %%s was delivered before with other content.', concat_ws(' ', {keys})) END
  FROM repeated
 WHERE s.row_id = repeated.row_id
