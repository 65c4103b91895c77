-- Purpose: an amendment that lost effect leaves its predecessor in force again, from now on.
-- Grain:   one row per predecessor that does not rest on the mapping itself.
-- Owner:   helio_worker, while a mapping is applied. {columns} are all columns of a ledger entry but
--          those named here, {values} the same of before.

WITH ended AS (
    SELECT entry.*
      FROM public.transaction AS entry
      JOIN resting ON resting.fact_id = entry.id AND resting.record = 'event' AND resting.effective
), before AS (
    SELECT DISTINCT ON (ended.id) p.*
      FROM ended
      JOIN public.transaction AS p ON p.source = ended.source AND p.source_reference = ended.source_reference
                                  AND p.source_version < ended.source_version
                                  AND p.known_to = ended.known_from AND p.known_from < p.known_to
     WHERE NOT EXISTS (SELECT FROM resting WHERE resting.record = 'event' AND resting.fact_id = p.id)
     ORDER BY ended.id, p.source_version DESC
), again AS (
    INSERT INTO public.transaction ({columns}, known_from, known_to, batch_id)
    SELECT {values}, %(at)s::timestamptz, NULL, %(batch)s::integer
      FROM before
    RETURNING portfolio_id, effective_on
)
INSERT INTO staging.touched (batch_id, portfolio_id, from_on)
SELECT %(batch)s::integer, portfolio_id, effective_on
  FROM again
