-- Purpose: columns that appeared or disappeared against the file of the same kind before.
-- Grain:   one row per file whose columns differ from those of its predecessor.
-- Owner:   helio_worker.  Readers: quality/files.py.

WITH shaped AS (
    SELECT file.id, file.source_id, file.kind, file.name, file.made_at, file.received_at, shape.names,
           lag(file.name)   OVER along AS name_before,
           lag(shape.names) OVER along AS names_before
      FROM public.file_columns AS shape
      JOIN public.source_file AS file ON file.id = shape.file_id
    -- by when its sender made it: files may be delivered in any order
    WINDOW along AS (PARTITION BY file.source_id, file.kind
                     ORDER BY coalesce(file.made_at, file.received_at), file.name, file.id)
), drifted AS (
    SELECT shaped.*,
           ARRAY(SELECT unnest(names) EXCEPT SELECT unnest(names_before) ORDER BY 1) AS added,
           ARRAY(SELECT unnest(names_before) EXCEPT SELECT unnest(names) ORDER BY 1) AS gone
      FROM shaped
     WHERE cardinality(names) > 0 AND cardinality(names_before) > 0
)
SELECT 'SCHEMA_DRIFT' AS code, source.name AS source, drifted.name AS subject,
       (coalesce(drifted.made_at, drifted.received_at) AT TIME ZONE 'UTC')::date AS finding_day,
       concat_ws('; ',
           format('%%s differs from %%s', drifted.name, drifted.name_before),
           CASE WHEN cardinality(added) > 0 THEN 'new: ' || array_to_string(added, ', ') END,
           CASE WHEN cardinality(gone) > 0 THEN 'gone: ' || array_to_string(gone, ', ') END) || '.' AS sentence,
       jsonb_build_object(
           'numbers', jsonb_build_object('new columns', added, 'columns gone', gone, 'file before', drifted.name_before),
           'rows', jsonb_build_array(jsonb_build_object('fact', 'source_file', 'file', drifted.id, 'line', 1))) AS evidence,
       NULL::integer AS portfolio_id, NULL::integer AS listing_id,
       coalesce(drifted.made_at, drifted.received_at) AS known_from, '' AS closed_because
  FROM drifted
  JOIN public.source ON source.id = drifted.source_id
 WHERE cardinality(added) > 0 OR cardinality(gone) > 0
