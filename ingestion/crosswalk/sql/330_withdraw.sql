-- Purpose: ledger entries whose mapping ended lose effect from then on; "as known then" still
--          shows them.
-- Grain:   one row per ledger entry.
-- Owner:   helio_worker, while a mapping is applied.

WITH ended AS (
    UPDATE public.transaction AS entry
       SET known_to = greatest(entry.known_from, %(at)s::timestamptz)
      FROM resting
     WHERE resting.record = 'event' AND resting.effective
       AND entry.id = resting.fact_id AND entry.known_to IS NULL
    RETURNING entry.portfolio_id, entry.effective_on
)
INSERT INTO staging.touched (batch_id, portfolio_id, from_on)
SELECT %(batch)s::integer, portfolio_id, effective_on
  FROM ended
