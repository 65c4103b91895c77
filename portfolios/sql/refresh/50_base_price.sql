-- Purpose: what a unit is worth in the base currencies in which it is held: price × rate, where one of
--          them, the days or what is held became another; changed_base_price says where it differs.
--          Cash is worth one of its currency. A listing without any price has no worth.
-- Grain:   base_price_daily: one row per listing, base currency and valuation day since it is held.

ANALYZE changed_price, changed_rate, changed_state;

-- What the replayed books hold or held: only there may another start be needed.
CREATE TEMPORARY TABLE replayed_listing ON COMMIT DROP AS
SELECT listing_id FROM changed_state
UNION
SELECT h.listing_id FROM holding_state h JOIN work_portfolio w USING (portfolio_id);

-- Since when each is kept, and since when it must be.
CREATE TEMPORARY TABLE base_price_span ON COMMIT DROP AS
WITH kept AS (
    SELECT l.id AS listing_id, b.base_currency, k.valued_on AS kept_from
      FROM listing l
      CROSS JOIN (SELECT DISTINCT base_currency FROM portfolio) AS b
      CROSS JOIN LATERAL (
            SELECT q.valued_on FROM base_price_daily q
             WHERE q.listing_id = l.id AND q.base_currency = b.base_currency
             ORDER BY q.valued_on LIMIT 1) AS k
), needed AS (
    SELECT h.listing_id, o.base_currency, min(h.from_on) AS needed_from
      FROM holding_state h
      JOIN portfolio o ON o.id = h.portfolio_id
     WHERE h.units <> 0 AND h.listing_id IN (SELECT listing_id FROM replayed_listing)
     GROUP BY h.listing_id, o.base_currency
)
SELECT listing_id, base_currency, kept_from,
       CASE WHEN listing_id IN (SELECT listing_id FROM replayed_listing) THEN needed_from ELSE kept_from END AS needed_from
  FROM kept FULL JOIN needed USING (listing_id, base_currency);

CREATE TEMPORARY TABLE work_base_price ON COMMIT DROP AS
WITH touched AS (
    SELECT s.listing_id, s.base_currency, c.from_on, c.to_on
      FROM base_price_span s
      JOIN changed_price c ON c.listing_id = s.listing_id
    UNION ALL
    SELECT s.listing_id, s.base_currency, c.from_on, c.to_on
      FROM base_price_span s
      JOIN listing l      ON l.id = s.listing_id
      JOIN changed_rate c ON c.currency IN (s.base_currency, l.price_currency)
                          OR EXISTS (SELECT FROM price_daily p
                                      WHERE p.listing_id = l.id AND p.currency = c.currency
                                        AND p.valued_on BETWEEN c.from_on AND c.to_on)
    UNION ALL
    SELECT s.listing_id, s.base_currency, least(s.kept_from, s.needed_from),
           CASE WHEN s.kept_from IS NULL OR s.needed_from IS NULL THEN 'infinity'
                ELSE greatest(s.kept_from, s.needed_from) END
      FROM base_price_span s
     WHERE s.kept_from IS DISTINCT FROM s.needed_from
    UNION ALL
    SELECT s.listing_id, s.base_currency, n.from_on, 'infinity'
      FROM base_price_span s,
           (SELECT %(new_from)s::date UNION ALL SELECT from_on FROM taken WHERE everything) AS n (from_on)
     WHERE n.from_on IS NOT NULL
)
SELECT listing_id, base_currency, min(from_on) AS from_on, max(to_on) AS to_on
  FROM touched
 GROUP BY listing_id, base_currency;

ANALYZE work_base_price, base_price_span;

-- Prices and worths, looked up listing by listing: a scan of all of them is what grows.
CREATE TEMPORARY TABLE fresh_base_price ON COMMIT DROP AS
WITH work AS (
    SELECT w.listing_id, w.base_currency, greatest(w.from_on, s.needed_from) AS from_on, w.to_on,
           l.price_currency AS listed_currency, left(l.key, 5) = 'CASH:' AS is_cash
      FROM work_base_price w
      JOIN base_price_span s ON s.listing_id = w.listing_id AND s.base_currency = w.base_currency
      JOIN listing l         ON l.id = w.listing_id
     WHERE s.needed_from IS NOT NULL
), close AS (
    SELECT w.listing_id, w.base_currency, p.valued_on, p.price, p.priced_on, p.currency
      FROM work w
      CROSS JOIN LATERAL (
            SELECT * FROM price_daily q
             WHERE q.listing_id = w.listing_id AND q.valued_on BETWEEN w.from_on AND w.to_on
            OFFSET 0) AS p
), priced AS (
    SELECT w.listing_id, w.base_currency, d.valued_on,
           CASE WHEN w.is_cash THEN 1 ELSE c.price END                                              AS price,
           CASE WHEN w.is_cash THEN d.valued_on ELSE c.priced_on END                                AS priced_on,
           CASE WHEN w.is_cash THEN w.listed_currency ELSE coalesce(c.currency, w.listed_currency) END AS price_currency
      FROM work w
      JOIN valuation_day d ON d.valued_on BETWEEN w.from_on AND w.to_on
      LEFT JOIN close c    ON c.listing_id = w.listing_id AND c.base_currency = w.base_currency
                          AND c.valued_on = d.valued_on
), rated AS (
    SELECT p.*,
           (CASE WHEN p.price_currency = p.base_currency THEN 1
                 ELSE f.usd_per_unit / b.usd_per_unit END)::numeric(40, 20) AS base_rate
      FROM priced p
      LEFT JOIN fx_daily f ON f.currency = p.price_currency AND f.valued_on = p.valued_on
      LEFT JOIN fx_daily b ON b.currency = p.base_currency AND b.valued_on = p.valued_on
)
SELECT listing_id, base_currency, valued_on, price, priced_on, price_currency, base_rate,
       price * base_rate AS base_price
  FROM rated;

CREATE TEMPORARY TABLE kept_base_price ON COMMIT DROP AS
SELECT k.*
  FROM work_base_price w
  CROSS JOIN LATERAL (
        SELECT * FROM base_price_daily q
         WHERE q.listing_id = w.listing_id AND q.base_currency = w.base_currency
           AND q.valued_on BETWEEN w.from_on AND w.to_on
        OFFSET 0) AS k;

ANALYZE fresh_base_price (listing_id, base_currency, valued_on), kept_base_price (listing_id, base_currency, valued_on);

-- In the order of the key: its tree grows at one place, not all over.
CREATE TEMPORARY TABLE different_base_price ON COMMIT DROP AS
SELECT f.*, k.listing_id IS NOT NULL AS is_kept
  FROM fresh_base_price f
  LEFT JOIN kept_base_price k ON k.listing_id = f.listing_id AND k.base_currency = f.base_currency
                             AND k.valued_on = f.valued_on
 WHERE k.listing_id IS NULL
    OR (k.price, k.priced_on, k.price_currency, k.base_rate)
       IS DISTINCT FROM (f.price, f.priced_on, f.price_currency, f.base_rate)
 ORDER BY f.listing_id, f.base_currency, f.valued_on;

ANALYZE different_base_price (listing_id, base_currency, valued_on, is_kept);

WITH gone AS (
    DELETE FROM base_price_daily q
     USING (SELECT k.listing_id, k.base_currency, k.valued_on FROM kept_base_price k
             WHERE NOT EXISTS (SELECT FROM fresh_base_price f
                                WHERE f.listing_id = k.listing_id AND f.base_currency = k.base_currency
                                  AND f.valued_on = k.valued_on)) AS k
     WHERE q.listing_id = k.listing_id AND q.base_currency = k.base_currency AND q.valued_on = k.valued_on
    RETURNING q.listing_id, q.base_currency, q.valued_on
)
INSERT INTO changed_base_price
SELECT listing_id, base_currency, min(valued_on), max(valued_on)
  FROM (SELECT * FROM gone UNION ALL SELECT listing_id, base_currency, valued_on FROM different_base_price) AS changed
 GROUP BY listing_id, base_currency;

UPDATE base_price_daily q
   SET price = d.price, priced_on = d.priced_on, price_currency = d.price_currency,
       base_rate = d.base_rate, base_price = d.base_price
  FROM different_base_price d
 WHERE d.is_kept AND q.listing_id = d.listing_id AND q.base_currency = d.base_currency AND q.valued_on = d.valued_on;

-- New rows apart: to look for a row that might be in their way takes three times as long.
INSERT INTO base_price_daily (
       listing_id, base_currency, valued_on, price, priced_on, price_currency, base_rate, base_price)
SELECT listing_id, base_currency, valued_on, price, priced_on, price_currency, base_rate, base_price
  FROM different_base_price
 WHERE NOT is_kept;
