-- Purpose: the indices that staged levels or weights are of; {staging} is one of the two.
-- Grain:   one row per index.  Owner: helio_worker, while loading.

WITH added AS (
    INSERT INTO public.benchmark (code, currency)
    SELECT index_code, min(currency)
      FROM {staging}
     WHERE batch_id = %(batch)s::integer
     GROUP BY index_code
        ON CONFLICT (code) DO NOTHING
    RETURNING id, code
), known AS (
    SELECT id, code FROM added
    UNION
    SELECT id, code FROM public.benchmark
)
UPDATE {staging} AS staged
   SET benchmark_id = known.id
  FROM known
 WHERE known.code = staged.index_code AND staged.batch_id = %(batch)s::integer
