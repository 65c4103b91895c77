-- Purpose: whom a wave touched, and from which day on.
-- Grain:   one row per portfolio or listing.  Owner: helio_worker, while loading.

SELECT portfolio_id, listing_id, min(from_on)
  FROM staging.touched
 WHERE batch_id = %(batch)s::integer AND (portfolio_id IS NOT NULL OR listing_id IS NOT NULL)
 GROUP BY portfolio_id, listing_id
 ORDER BY 3, 1, 2
