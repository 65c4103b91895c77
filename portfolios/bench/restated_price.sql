-- Purpose: the price of the listing that most portfolios held on a day comes again, a hundredth higher.
-- Readers: portfolios/bench/arrivals.py.

WITH held AS (
    SELECT listing_id FROM holding_state
     WHERE average_cost IS NOT NULL AND units > 0 AND from_on <= %(on)s AND (to_on IS NULL OR to_on >= %(on)s)
     GROUP BY listing_id ORDER BY count(*) DESC, listing_id LIMIT 1
), last AS (
    UPDATE price SET known_to = known_from + interval '1 minute'
     WHERE priced_on = %(on)s AND known_to IS NULL AND listing_id = (SELECT listing_id FROM held)
 RETURNING listing_id, priced_on, price, unit, revision, known_to
)
INSERT INTO price (listing_id, priced_on, price, unit, revision, known_from, batch_id, file_id, line_no)
SELECT listing_id, priced_on, price * 1.01, unit, revision + 1, known_to, 2, 2, 1 FROM last
RETURNING listing_id
