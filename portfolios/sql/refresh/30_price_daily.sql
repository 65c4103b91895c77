-- Purpose: the last close on or before each valuation day, in the major unit, for the listings at
--          work; changed_price says where it became another. The unit on the price's row decides.
--          A price of zero or less is no price: the last good one stands.
-- Grain:   price_daily: one row per listing and valuation day from its first price on.

CREATE TEMPORARY TABLE fresh_price ON COMMIT DROP AS
WITH begun AS MATERIALIZED (
    -- From the last close before the first day at work, so that this day has one.
    SELECT w.listing_id, w.from_on,
           coalesce((SELECT max(p.priced_on) FROM price p
                      WHERE p.listing_id = w.listing_id AND p.priced_on <= w.from_on
                        AND p.known_to IS NULL AND p.price > 0), '-infinity') AS priced_from
      FROM work_listing w
), latest AS (
    SELECT p.listing_id, p.id, p.priced_on, p.price, p.unit, b.from_on
      FROM begun b
      CROSS JOIN LATERAL (
            -- The offset keeps this a look-up per listing: a scan of all prices is what grows.
            SELECT DISTINCT ON (q.priced_on) q.listing_id, q.id, q.priced_on, q.price, q.unit
              FROM price q
             WHERE q.listing_id = b.listing_id AND q.priced_on >= b.priced_from
               AND q.known_to IS NULL AND q.price > 0
             ORDER BY q.priced_on, q.revision DESC
            OFFSET 0) AS p
), spanned AS (
    SELECT l.*, lead(l.priced_on, 1, 'infinity') OVER (PARTITION BY l.listing_id ORDER BY l.priced_on) AS next_on
      FROM latest l
)
SELECT s.listing_id, d.valued_on,
       (s.price / coalesce(m.parts, 1))::numeric(30, 14) AS price,
       coalesce(m.currency, s.unit) AS currency,
       s.priced_on, s.id AS price_id
  FROM spanned s
  JOIN valuation_day d ON d.valued_on >= s.priced_on AND d.valued_on < s.next_on AND d.valued_on >= s.from_on
  LEFT JOIN unnest(%(units)s::text[], %(majors)s::text[], %(parts)s::integer[]) AS m (unit, currency, parts)
         ON m.unit = s.unit;

-- What there is, looked up listing by listing: a scan of all prices is what grows.
CREATE TEMPORARY TABLE kept_price ON COMMIT DROP AS
SELECT p.*
  FROM work_listing w
  CROSS JOIN LATERAL (
        SELECT * FROM price_daily q
         WHERE q.listing_id = w.listing_id AND q.valued_on >= w.from_on
        OFFSET 0) AS p;

ANALYZE fresh_price, kept_price;

WITH gone AS (
    DELETE FROM price_daily p
     USING (SELECT k.listing_id, k.valued_on FROM kept_price k
             WHERE NOT EXISTS (SELECT FROM fresh_price f
                                WHERE f.listing_id = k.listing_id AND f.valued_on = k.valued_on)) AS k
     WHERE p.listing_id = k.listing_id AND p.valued_on = k.valued_on
    RETURNING p.listing_id, p.valued_on
), different AS (
    SELECT f.*
      FROM fresh_price f
      LEFT JOIN kept_price k ON k.listing_id = f.listing_id AND k.valued_on = f.valued_on
     WHERE k.listing_id IS NULL
        OR (k.price, k.currency, k.priced_on, k.price_id)
           IS DISTINCT FROM (f.price, f.currency, f.priced_on, f.price_id)
), put AS (
    INSERT INTO price_daily AS p (listing_id, valued_on, price, currency, priced_on, price_id)
    -- In the order of the key: its tree grows at one place, not all over.
    SELECT listing_id, valued_on, price, currency, priced_on, price_id FROM different
     ORDER BY listing_id, valued_on
        ON CONFLICT (listing_id, valued_on) DO UPDATE
           SET price = excluded.price, currency = excluded.currency,
               priced_on = excluded.priced_on, price_id = excluded.price_id
    RETURNING p.listing_id, p.valued_on
)
INSERT INTO changed_price
SELECT listing_id, min(valued_on), max(valued_on)
  FROM (SELECT * FROM gone UNION ALL SELECT * FROM put) AS changed
 GROUP BY listing_id;
