-- Purpose: the levels of the firm's benchmark (the first one entered) as believed at a moment.
-- Grain:   one row per day with a level.
--          Batches of ``without`` were not delivered yet: as if there were none of them.
-- Readers: portfolios/figures/then, as helio_web or helio_worker.

SELECT DISTINCT ON (i.level_on) b.currency, i.level_on, i.level
  FROM (SELECT id, currency FROM benchmark ORDER BY id LIMIT 1) AS b
  JOIN index_level i ON i.benchmark_id = b.id
 WHERE i.known_from <= %(known_at)s::timestamptz
   AND (i.known_to IS NULL OR i.known_to > %(known_at)s::timestamptz OR i.ended_by_batch_id = ANY (%(without)s::integer[]))
   AND i.batch_id <> ALL (%(without)s::integer[])
 ORDER BY i.level_on, i.known_from DESC;
