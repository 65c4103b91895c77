-- Purpose: the closes of some listings as they were believed at a moment. A price of zero or less
--          is no price.
-- Grain:   one row per listing and price day.
--          Batches of ``without`` were not delivered yet: as if there were none of them.
-- Readers: portfolios/figures/then, as helio_web or helio_worker.

SELECT DISTINCT ON (p.listing_id, p.priced_on) p.listing_id, p.priced_on, p.price, p.unit
  FROM price p
 WHERE p.listing_id = ANY (%(listings)s::integer[]) AND p.price > 0
   AND p.known_from <= %(known_at)s::timestamptz
   AND (p.known_to IS NULL OR p.known_to > %(known_at)s::timestamptz OR p.ended_by_batch_id = ANY (%(without)s::integer[]))
   AND p.batch_id <> ALL (%(without)s::integer[])
 ORDER BY p.listing_id, p.priced_on, p.revision DESC;
