-- Purpose: the facts that a source and another one both stated.
-- Grain:   one row per fact, by one of its rows, in staging.contested.
-- Owner:   helio_worker, when a rank changed. {target} is a table of facts, {fact} its columns that
--          identify a fact.

INSERT INTO staging.contested (batch_id, fact_id)
SELECT %(batch)s::integer, min(t.id)
  FROM {target} AS t
  JOIN public.source_file ON source_file.id = t.file_id
 WHERE t.copy_of IS NULL
 GROUP BY {fact}
HAVING count(DISTINCT source_file.source_id) > 1
   AND bool_or(source_file.source_id = %(source)s::integer)
