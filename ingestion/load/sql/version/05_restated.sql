-- Purpose: a dump states everything again under the same time; what it states anew is known from
--          the day the dump was made, what it states unchanged is a repetition.
-- Grain:   one row per staged record.  Owner: helio_worker, while loading.
--          {staging}, {target}; {same_fact}, {content} compare s(taged) with t(arget); {standing}
--          is true of what s's own source, or one of the same rank, stands by.

WITH compared AS (
    SELECT DISTINCT ON (s.row_id)
           s.row_id,
           ({content}) AS same,
           greatest(t.known_from + interval '1 microsecond',
                    coalesce(source_file.made_at, source_file.received_at)) AS restated_at,
           s.known_from <= t.known_from AS told_again
      FROM {staging} AS s
      JOIN {target} AS t ON {same_fact}
      JOIN public.source_file ON source_file.id = s.file_id
     WHERE s.batch_id = %(batch)s::integer AND s.outcome IS NULL AND s.code IS NULL
       AND {standing}
     ORDER BY s.row_id, t.known_from DESC
)
UPDATE {staging} AS staged
   SET outcome    = CASE WHEN compared.same THEN 'duplicate' END,
       known_from = CASE WHEN compared.told_again THEN compared.restated_at ELSE staged.known_from END
  FROM compared
 WHERE staged.row_id = compared.row_id
