-- Purpose: keeps each held record with its reason, its source line and itself as staged.
-- Grain:   one row per held record.  Owner: helio_worker, while loading; {table} is a staging table.

WITH held AS (
    UPDATE {table} AS staged
       SET outcome = 'quarantined'
     WHERE batch_id = %(batch)s::integer AND held_item IS NULL AND code IS NOT NULL
       AND (outcome IS NULL OR outcome = 'quarantined')
    RETURNING staged.file_id, staged.line_no, staged.known_from, staged.code, staged.reason,
              staged.sentence, jsonb_build_object({pairs}) AS staged
)
INSERT INTO exception_item (source_id, batch_id, file_id, line_no, code, reason, sentence, raw_text,
                            reference, version, known_from, state, outcome, record, staged)
SELECT %(source)s::integer, %(batch)s::integer, held.file_id, held.line_no, held.code, held.reason, held.sentence,
       coalesce(rtrim(split_part(text.body, E'\n', held.line_no - text.first_line + 1), E'\r'), ''),
       coalesce(held.staged ->> 'reference', held.staged ->> 'posting_no',
                nullif(concat_ws(' ', held.staged ->> 'portfolio_key', held.staged ->> 'identifier', held.staged ->> 'on_day'), ''),
                held.reason),
       (held.staged ->> 'version')::integer,
       coalesce(held.known_from, source_file.made_at, source_file.received_at),
       CASE WHEN held.code LIKE 'CONFLICTING%%' THEN 'rejected' ELSE 'held' END,
       CASE WHEN held.code LIKE 'CONFLICTING%%' THEN 'kept for a person to decide' ELSE 'still held' END,
       %(record)s::text,
       held.staged
  FROM held
  JOIN source_file ON source_file.id = held.file_id
  LEFT JOIN source_text AS text ON text.file_id = held.file_id
                               AND held.line_no BETWEEN text.first_line AND text.last_line
 ORDER BY held.file_id, held.line_no
    ON CONFLICT (file_id, line_no, record, code) DO NOTHING
