-- Purpose: the records of facts that lost effect are held as they were before the mapping; if they
--          come back, they are known from then on.
-- Grain:   one row per record, in exception_item.
-- Owner:   helio_worker, while a mapping is applied, after 110 and 120 judged them without the
--          mapping. {table} is a staging table, {pairs} its columns as JSON pairs.

WITH again AS (
    SELECT staged.file_id, staged.line_no,
           coalesce(staged.code, 'REMAPPED') AS code,
           coalesce(staged.reason, %(code)s::text) AS reason,
           coalesce(staged.sentence, format('%%s has another meaning now.', %(code)s::text)) AS sentence,
           staged.known_from,
           jsonb_build_object({pairs})
               || jsonb_build_object('known_from', greatest(staged.known_from, %(at)s::timestamptz)) AS staged
      FROM {table} AS staged
      JOIN resting ON resting.row_id = staged.row_id AND resting.record = %(record)s::text
     WHERE resting.effective AND staged.batch_id = %(batch)s::integer
), reheld AS (
    UPDATE exception_item AS item
       SET state = 'held', outcome = 'still held', settled_at = NULL, settled_in_id = NULL,
           code = again.code, reason = again.reason, sentence = again.sentence, staged = again.staged
      FROM again
     WHERE item.file_id = again.file_id AND item.line_no = again.line_no
       AND item.record = %(record)s::text AND item.staged IS NOT NULL AND item.state = 'released'
    RETURNING item.file_id, item.line_no
)
INSERT INTO exception_item (source_id, batch_id, file_id, line_no, code, reason, sentence, raw_text,
                            reference, version, known_from, state, outcome, record, staged)
SELECT source_file.source_id, %(batch)s::integer, again.file_id, again.line_no, again.code, again.reason,
       again.sentence,
       coalesce(rtrim(split_part(text.body, E'\n', again.line_no - text.first_line + 1), E'\r'), ''),
       coalesce(again.staged ->> 'reference', again.staged ->> 'posting_no',
                nullif(concat_ws(' ', again.staged ->> 'portfolio_key', again.staged ->> 'identifier', again.staged ->> 'on_day'), ''),
                again.reason),
       (again.staged ->> 'version')::integer,
       again.known_from, 'held', 'still held', %(record)s::text, again.staged
  FROM again
  JOIN source_file ON source_file.id = again.file_id
  LEFT JOIN source_text AS text ON text.file_id = again.file_id
                               AND again.line_no BETWEEN text.first_line AND text.last_line
 WHERE (again.file_id, again.line_no) NOT IN (SELECT file_id, line_no FROM reheld)
 ORDER BY again.file_id, again.line_no
