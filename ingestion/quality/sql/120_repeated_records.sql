-- Purpose: records that had been delivered before; they have no effect. Where a file repeats more
--          than is told one by one, it was sent again as a whole: one finding says so.
-- Grain:   one row per repeated record, or one per file.
-- Owner:   helio_worker.  Readers: quality/files.py.

WITH repeated AS (
    SELECT again.*, source.name AS source, file.name AS file_name, file.received_at
      FROM public.repeated_record AS again
      JOIN public.source_file AS file ON file.id = again.file_id
      JOIN public.source ON source.id = file.source_id
     WHERE %(everything)s OR again.batch_id = ANY (%(batches)s::integer[])
)
SELECT 'DUPLICATE_RECORD' AS code, source, subject, min(day) AS finding_day,
       format('%%s was delivered before; the repetition in %%s has no effect.', subject, min(file_name)) AS sentence,
       jsonb_build_object(
           'numbers', jsonb_build_object('file', min(file_name), 'times', count(*)),
           'rows', jsonb_agg(jsonb_build_object('fact', record, 'file', file_id, 'line', line_no)
                             ORDER BY file_id, line_no)) AS evidence,
       min(portfolio_id) AS portfolio_id, min(listing_id) AS listing_id,
       NULL::timestamptz AS known_from, '' AS closed_because
  FROM repeated
 WHERE of_file <= 100
 GROUP BY source, subject, day
UNION ALL
SELECT 'DUPLICATE_RECORD', source, file_name, (min(received_at) AT TIME ZONE 'UTC')::date,
       format('%%s repeats %%s records that were delivered before; they have no effect.', file_name, max(of_file)),
       jsonb_build_object('numbers', jsonb_build_object('records', max(of_file)),
                          'rows', jsonb_build_array(jsonb_build_object(
                              'fact', min(record), 'file', file_id, 'line', min(line_no)))),
       NULL, NULL, NULL, ''
  FROM repeated
 WHERE of_file > 100
 GROUP BY source, file_id, file_name
