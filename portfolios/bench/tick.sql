-- Purpose: a tick: every listing's last price comes again, a thousandth higher.
-- Readers: portfolios/bench/arrivals.py.

WITH last AS (
    UPDATE price SET known_to = known_from + interval '1 minute'
     WHERE priced_on = (SELECT max(priced_on) FROM price) AND known_to IS NULL
 RETURNING listing_id, priced_on, price, unit, revision, known_to
)
INSERT INTO price (listing_id, priced_on, price, unit, revision, known_from, batch_id, file_id, line_no)
SELECT listing_id, priced_on, price * 1.001, unit, revision + 1, known_to, 2, 2, 1 FROM last
