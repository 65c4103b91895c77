-- Purpose: the sources of facts whose mapping ended stand by them no more, from then on. Who is
--          believed instead (an earlier version, another source) is judged next, and until then
--          "as known then" still shows them.
-- Grain:   one row per fact.
-- Owner:   helio_worker, while a mapping is applied. {fact} is a table of facts.

WITH ended AS (
    UPDATE {fact} AS fact
       SET ended_at = greatest(fact.known_from, %(at)s::timestamptz)
      FROM resting
     WHERE resting.record = %(record)s::text
       AND fact.id = resting.fact_id AND fact.ended_at IS NULL
    RETURNING fact.id
)
INSERT INTO staging.contested (batch_id, fact_id)
SELECT %(batch)s::integer, id
  FROM ended
