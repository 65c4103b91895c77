-- Purpose: says until when each version was believed: until the first later one was known.
-- Grain:   one row per version of the facts in this load.  Owner: helio_worker, while loading.
--          {same_fact} compares s(taged) with t(arget), {later} compares l(ater) with t(arget).

WITH due AS (
    SELECT t.id,
           (SELECT greatest(t.known_from, min(l.known_from)) FROM {target} AS l WHERE {later}) AS known_to
      FROM {target} AS t
     WHERE EXISTS (SELECT FROM {staging} AS s
                    WHERE s.batch_id = %(batch)s::integer AND s.outcome IS NULL AND s.code IS NULL
                      AND {same_fact})
       AND EXISTS (SELECT FROM {target} AS l WHERE {later})
), closed AS (
    UPDATE {target} AS t
       SET known_to = due.known_to
      FROM due
     WHERE t.id = due.id
       -- a window only ever shrinks: what lost effect with its mapping stays closed
       AND (t.known_to IS NULL OR due.known_to < t.known_to)
    RETURNING {touched}
)
INSERT INTO staging.touched (batch_id, portfolio_id, listing_id, from_on)
SELECT %(batch)s::integer, NULL, listing_id, min(from_on)
  FROM closed
 WHERE from_on IS NOT NULL
 GROUP BY listing_id
