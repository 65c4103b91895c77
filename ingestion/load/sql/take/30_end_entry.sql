-- Purpose: the ledger entry delivered first ends, since a person took the other content.
-- Grain:   one row per ledger entry under the record's number and version.
-- Owner:   helio_worker, after 10.

WITH ended AS (
    UPDATE public.transaction AS entry
       SET known_to = greatest(entry.known_from, %(at)s::timestamptz)
      FROM staging.event AS staged
     WHERE staged.batch_id = %(batch)s::integer
       AND entry.source = staged.source
       AND entry.source_reference = staged.reference
       AND entry.source_version = staged.version
       AND entry.known_to IS NULL
    RETURNING entry.portfolio_id, entry.effective_on
)
INSERT INTO staging.touched (batch_id, portfolio_id, from_on)
SELECT %(batch)s::integer, portfolio_id, effective_on
  FROM ended
