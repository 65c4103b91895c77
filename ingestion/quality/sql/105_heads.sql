-- Purpose: the first two lines of files whose columns were not looked at yet.
-- Grain:   one row per loaded file.
-- Owner:   helio_worker.  Readers: quality/shapes.py.

SELECT file.id, file.source_id, file.kind,
       rtrim(split_part(head.body, E'\n', 1), E'\r') AS first,
       rtrim(split_part(head.body, E'\n', 2), E'\r') AS second
  FROM public.source_file AS file
  JOIN public.source_text AS head ON head.file_id = file.id AND head.first_line = 1
 WHERE file.status = 'loaded'
   AND NOT EXISTS (SELECT FROM public.file_columns WHERE file_columns.file_id = file.id)
 ORDER BY file.id
