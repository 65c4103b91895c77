-- Purpose: whom the new facts touch, and from which day on.
-- Grain:   one row per listing.  Owner: helio_worker, while loading.
--          {staging}; {touched} are the staged columns of listing and day.

INSERT INTO staging.touched (batch_id, listing_id, from_on)
SELECT %(batch)s::integer, listing_id, min(from_on)
  FROM (SELECT {touched} FROM {staging} AS s
         WHERE s.batch_id = %(batch)s::integer AND s.outcome IS NULL AND s.code IS NULL) AS added
 WHERE from_on IS NOT NULL
 GROUP BY listing_id
