-- Purpose: the first day whose contested index level is judged again.
-- Grain:   one row.  Owner: helio_worker, when a rank changed, before 35.

SELECT min(level.level_on)
  FROM staging.contested
  JOIN public.index_level AS level ON level.id = contested.fact_id
 WHERE contested.batch_id = %(batch)s::integer
