-- Purpose: keeps each line that could not be read, with its text and the sentence why.
-- Grain:   one row per rejected line.  Owner: helio_worker, while loading.

INSERT INTO exception_item (source_id, batch_id, file_id, line_no, code, reason, sentence, raw_text,
                            reference, version, known_from, state, outcome, record, staged)
SELECT %(source)s::integer, %(batch)s::integer, reject.file_id, reject.line_no, reject.code, reject.sentence, reject.sentence,
       left(coalesce(rtrim(split_part(text.body, E'\n', reject.line_no - text.first_line + 1), E'\r'), ''), 10000),
       format('%%s line %%s', source_file.name, reject.line_no),
       NULL,
       coalesce(source_file.made_at, source_file.received_at),
       'rejected', 'rejected', '', NULL
  FROM staging.reject
  JOIN source_file ON source_file.id = reject.file_id
  LEFT JOIN source_text AS text ON text.file_id = reject.file_id
                               AND reject.line_no BETWEEN text.first_line AND text.last_line
 WHERE reject.batch_id = %(batch)s::integer
 ORDER BY reject.file_id, reject.line_no
    ON CONFLICT (file_id, line_no, record, code) DO NOTHING
