-- Purpose: the ledger of some portfolios as it was believed at a moment: the columns of a replay.
-- Grain:   one row per event, the highest version known then.
--          Batches of ``without`` were not delivered yet: as if there were none of them.
-- Readers: portfolios/figures/then, as helio_web (its perimeter) or helio_worker.

SELECT portfolio_id, kind, effective_on, executed_at, source, source_reference, listing_id, units,
       currency, gross_amount, charges, cash_effect, second_currency, second_cash_effect,
       split_new, split_old
  FROM transaction
 WHERE known_from <= %(known_at)s::timestamptz
   AND (known_to IS NULL OR known_to > %(known_at)s::timestamptz OR ended_by_batch_id = ANY (%(without)s::integer[]))
   AND batch_id <> ALL (%(without)s::integer[])
   AND portfolio_id = ANY (%(portfolios)s::integer[])
 ORDER BY portfolio_id, effective_on, id;
