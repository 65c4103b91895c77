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

-- In the order of the key: its tree grows at one place, not all over.
CREATE TEMPORARY TABLE different_price ON COMMIT DROP AS
SELECT f.*, k.listing_id IS NOT NULL AS is_kept
  FROM fresh_price f
  LEFT JOIN kept_price k ON k.listing_id = f.listing_id AND k.valued_on = f.valued_on
 WHERE k.listing_id IS NULL
    OR (k.price, k.currency, k.priced_on, k.price_id)
       IS DISTINCT FROM (f.price, f.currency, f.priced_on, f.price_id)
 ORDER BY f.listing_id, f.valued_on;

ANALYZE different_price (listing_id, valued_on, is_kept);

WITH gone AS (
    DELETE FROM price_daily p
     USING (SELECT k.listing_id, k.valued_on FROM kept_price k
             WHERE NOT EXISTS (SELECT FROM fresh_price f
                                WHERE f.listing_id = k.listing_id AND f.valued_on = k.valued_on)) AS k
     WHERE p.listing_id = k.listing_id AND p.valued_on = k.valued_on
    RETURNING p.listing_id, p.valued_on
)
INSERT INTO changed_price
SELECT listing_id, min(valued_on), max(valued_on)
  FROM (SELECT * FROM gone UNION ALL SELECT listing_id, valued_on FROM different_price) AS changed
 GROUP BY listing_id;

UPDATE price_daily p
   SET price = d.price, currency = d.currency, priced_on = d.priced_on, price_id = d.price_id
  FROM different_price d
 WHERE d.is_kept AND p.listing_id = d.listing_id AND p.valued_on = d.valued_on;

-- New rows apart: to look for a row that might be in their way takes three times as long.
INSERT INTO price_daily (listing_id, valued_on, price, currency, priced_on, price_id)
SELECT listing_id, valued_on, price, currency, priced_on, price_id FROM different_price WHERE NOT is_kept;
