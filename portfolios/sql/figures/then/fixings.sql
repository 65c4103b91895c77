-- Purpose: every fixing as quoted, as it was believed at a moment.
-- Grain:   one row per pair and day.
--          Batches of ``without`` were not delivered yet: as if there were none of them.
-- Readers: portfolios/figures/then, as helio_web or helio_worker.

SELECT DISTINCT ON (base_currency, quote_currency, fixed_on) base_currency, quote_currency, fixed_on, rate
  FROM fx_fixing
 WHERE rate > 0
   AND known_from <= %(known_at)s::timestamptz
   AND (known_to IS NULL OR known_to > %(known_at)s::timestamptz OR ended_by_batch_id = ANY (%(without)s::integer[]))
   AND batch_id <> ALL (%(without)s::integer[])
 ORDER BY base_currency, quote_currency, fixed_on, known_from DESC;
