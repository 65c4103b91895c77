-- Purpose: says until when each version was believed: until the first later one was known.
-- Grain:   one row per version of the facts that have rivals (08) in this load.
-- Owner:   helio_worker, while loading.
--          {same_fact} compares s(taged) with t(arget), {later} compares l(ater) with t(arget).

WITH several AS (
    SELECT DISTINCT t.id
      FROM staging.rival
      JOIN {staging} AS s ON s.row_id = rival.row_id AND s.outcome IS NULL AND s.code IS NULL
      JOIN {target} AS t ON {same_fact}
     WHERE rival.batch_id = %(batch)s::integer
), due AS (
    SELECT t.id, greatest(t.known_from, min(l.known_from)) AS known_to
      FROM several
      JOIN {target} AS t ON t.id = several.id
      JOIN {target} AS l ON {later}
     GROUP BY t.id
), closed AS (
    UPDATE {target} AS t
       SET known_to = due.known_to,
           ended_by_batch_id = CASE WHEN t.known_to IS NULL THEN %(batch)s::integer ELSE t.ended_by_batch_id END
      FROM due
     WHERE t.id = due.id
       -- a window only ever shrinks: what lost effect with its mapping stays closed
       AND (t.known_to IS NULL OR due.known_to < t.known_to)
    RETURNING {touched_target}
)
INSERT INTO staging.touched (batch_id, listing_id, from_on)
SELECT %(batch)s::integer, listing_id, min(from_on)
  FROM closed
 WHERE from_on IS NOT NULL
 GROUP BY listing_id
