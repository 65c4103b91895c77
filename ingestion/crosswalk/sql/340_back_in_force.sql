-- Purpose: an amendment that lost effect leaves its predecessor in force again, from now on.
-- Grain:   one row per predecessor that does not rest on the mapping itself.
-- Owner:   helio_worker, while a mapping is applied. {fact} is a table of facts; {same_fact}
--          compares p(redecessor) with ended; {version} orders versions; {columns} are all its
--          columns but those named here, {values} the same of before.

WITH ended AS (
    SELECT fact.*
      FROM {fact} AS fact
      JOIN resting ON resting.fact_id = fact.id AND resting.record = %(record)s::text AND resting.effective
), before AS (
    SELECT DISTINCT ON (ended.id) p.*
      FROM ended
      JOIN {fact} AS p ON {same_fact} AND p.{version} < ended.{version}
                      AND p.known_to = ended.known_from AND p.known_from < p.known_to
     WHERE NOT EXISTS (SELECT FROM resting WHERE resting.record = %(record)s::text AND resting.fact_id = p.id)
     ORDER BY ended.id, p.{version} DESC
), again AS (
    INSERT INTO {fact} ({columns}, known_from, known_to, batch_id)
    SELECT {values}, %(at)s::timestamptz, NULL, %(batch)s::integer
      FROM before
    RETURNING *
)
INSERT INTO staging.touched (batch_id, portfolio_id, listing_id, from_on)
SELECT %(batch)s::integer, {touched}
  FROM again AS fact
 WHERE {touches}
