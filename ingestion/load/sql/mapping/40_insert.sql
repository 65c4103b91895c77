-- Purpose: new mappings. The first a source states of a code was known all along; a later one is
--          known from the day the file that states it was made.
-- Grain:   one row per code, meaning and stretch of use.  Owner: helio_worker, while loading.

INSERT INTO {target} ({columns}, valid_from, valid_to, known_from, source, evidence,
                      batch_id, file_id, line_no)
SELECT {values}, s.valid_from, s.valid_to,
       CASE WHEN EXISTS (SELECT FROM {target} AS t
                          WHERE {same_code}
                            AND daterange(t.valid_from, t.valid_to, '[]')
                                && daterange(s.valid_from, s.valid_to, '[]'))
            THEN greatest((SELECT max(t.known_to) FROM {target} AS t WHERE {same_code}),
                          coalesce(source_file.made_at, source_file.received_at)) END,
       s.source, source_file.name, s.batch_id, s.file_id, s.line_no
  FROM {staging} AS s
  JOIN public.source_file ON source_file.id = s.file_id
 WHERE s.batch_id = %(batch)s::integer AND s.outcome IS NULL AND s.code IS NULL
 ORDER BY s.file_id, s.line_no
