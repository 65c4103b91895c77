-- Purpose: closes of the listings that some portfolios received or delivered in kind: what the
--          value of those transfers needs.
-- Grain:   one row per listing and price day.

SELECT DISTINCT ON (p.listing_id, p.priced_on) p.listing_id, p.priced_on, p.price, p.unit
  FROM price p
 WHERE p.known_to IS NULL AND p.price > 0
   AND p.listing_id IN (SELECT t.listing_id FROM transaction t
                         WHERE t.known_to IS NULL AND t.kind IN ('TRANSFER_IN', 'TRANSFER_OUT')
                           AND t.portfolio_id = ANY (%(portfolios)s::integer[]))
 ORDER BY p.listing_id, p.priced_on, p.revision DESC;
