-- Purpose: what could not take effect: every exception is a finding under its own code. Of many
--          alike in one file the first hundred stand alone, the rest in one finding about the file.
--          A record that found its mapping was only early: its finding ceases. One that a later
--          version overtook was wrong, and stays on record.
-- Grain:   one row per exception, or one per file and code.
-- Owner:   helio_worker.  Readers: quality/files.py.

WITH judged AS (
    SELECT item.*,
           item.outcome = 'released by a mapping'
           -- overtaken by a later version, and mapped all the same
           OR EXISTS (SELECT FROM public.transaction AS entry
                       WHERE entry.file_id = item.file_id AND entry.line_no = item.line_no
                         AND item.record = 'event') AS ceased
      FROM public.exception_item AS item
     WHERE %(everything)s
        OR item.file_id IN (SELECT near.file_id FROM public.exception_item AS near
                             WHERE near.batch_id = ANY (%(batches)s::integer[])
                                OR near.settled_in_id = ANY (%(batches)s::integer[])
                                OR near.state IN ('held', 'rejected')
                                OR near.settled_at > now() - interval '1 day')
), told AS (
    SELECT item.id, item.code, source.name AS source, item.reason, item.sentence, item.file_id,
           item.line_no, item.reference, item.version, item.state, item.outcome,
           coalesce(item.known_from, item.raised_at) AS known_from,
           (item.staged ->> 'portfolio_id')::integer AS portfolio_id,
           (item.staged ->> 'listing_id')::integer   AS listing_id,
           file.name AS file_name, file.kind, file.sequence, file.source_id,
           item.ceased,
           row_number() OVER (PARTITION BY item.file_id, item.code, item.ceased ORDER BY item.id) AS place,
           count(*)     OVER (PARTITION BY item.file_id, item.code, item.ceased)                  AS alike
      FROM judged AS item
      JOIN public.source ON source.id = item.source_id
      JOIN public.source_file AS file ON file.id = item.file_id
), mended AS (
    SELECT told.*,
           (SELECT min(later.name) FROM public.source_file AS later
             WHERE told.line_no IS NULL AND told.sequence <> ''
               AND later.source_id = told.source_id AND later.kind = told.kind
               AND later.sequence = told.sequence AND later.status = 'loaded') AS mended_by
      FROM told
), spoken AS (
    SELECT code, source,
           CASE WHEN version IS NOT NULL THEN format('%%s v%%s', reference, version) ELSE reference END AS subject,
           (known_from AT TIME ZONE 'UTC')::date AS finding_day,
           sentence,
           jsonb_build_object(
               'numbers', jsonb_build_object('bare fact', reason, 'outcome', outcome),
               'rows', jsonb_build_array(jsonb_build_object(
                   'fact', 'exception_item', 'id', id, 'file', file_id, 'line', line_no))) AS evidence,
           portfolio_id, listing_id, known_from,
           CASE WHEN state NOT IN ('held', 'rejected') THEN initcap(left(outcome, 1)) || substr(outcome, 2) || '.'
                WHEN mended_by IS NOT NULL THEN format('%%s came in its place.', mended_by)
                ELSE '' END AS closed_because,
           ceased
      FROM mended
     WHERE place <= 100
    UNION ALL
    SELECT code, source, file_name, (max(known_from) AT TIME ZONE 'UTC')::date,
           format('%%s more records of this file have the same trouble.', max(alike) - 100),
           jsonb_build_object(
               'numbers', jsonb_build_object('records', max(alike), 'told one by one', 100),
               'rows', jsonb_build_array(jsonb_build_object(
                   'fact', 'exception_item', 'id', min(id), 'file', file_id, 'line', min(line_no)))),
           NULL, NULL, max(known_from),
           CASE WHEN bool_and(state NOT IN ('held', 'rejected')) THEN 'All of them are settled.' ELSE '' END,
           ceased
      FROM mended
     WHERE place > 100
     GROUP BY code, source, file_id, file_name, ceased
)
-- Two lines may be about one thing; of these one that still stands speaks.
SELECT DISTINCT ON (code, source, subject, finding_day) *
  FROM spoken
 ORDER BY code, source, subject, finding_day, ceased, closed_because <> ''
