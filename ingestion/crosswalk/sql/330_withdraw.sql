-- Purpose: facts whose mapping ended lose effect from then on; "as known then" still shows them.
-- Grain:   one row per fact.
-- Owner:   helio_worker, while a mapping is applied. {fact} is a table of facts, {touched} whom and
--          which day it touches, {touches} whether that changes figures at all.

WITH ended AS (
    UPDATE {fact} AS fact
       SET known_to = greatest(fact.known_from, %(at)s::timestamptz)
      FROM resting
     WHERE resting.record = %(record)s::text AND resting.effective
       AND fact.id = resting.fact_id AND fact.known_to IS NULL
    RETURNING fact.*
)
INSERT INTO staging.touched (batch_id, portfolio_id, listing_id, from_on)
SELECT %(batch)s::integer, {touched}
  FROM ended AS fact
 WHERE {touches}
