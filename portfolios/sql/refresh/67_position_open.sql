-- Purpose: the positions of the newest two valuation days, of the portfolios at work and of a day that
--          has just become one of the two; only what differs is written.
-- Grain:   rollup.position_open: one row per portfolio, listing held and one of the two days.

CREATE TEMPORARY TABLE newest_day ON COMMIT DROP AS
SELECT valued_on FROM valuation_day ORDER BY valued_on DESC LIMIT 2;

CREATE TEMPORARY TABLE work_position ON COMMIT DROP AS
WITH day AS (
    SELECT n.valued_on,
           EXISTS (SELECT FROM taken t WHERE t.everything AND t.from_on <= n.valued_on)
           -- Found along the key with the first portfolio that holds something.
           OR NOT EXISTS (SELECT FROM portfolio o
                            CROSS JOIN LATERAL (
                                  SELECT FROM rollup.position_open p
                                   WHERE p.portfolio_id = o.id AND p.valued_on = n.valued_on LIMIT 1) AS kept) AS whole
      FROM newest_day n
)
SELECT o.id AS portfolio_id, d.valued_on
  FROM day d
  CROSS JOIN portfolio o
  LEFT JOIN work_day w ON w.portfolio_id = o.id
 WHERE d.whole OR w.from_on <= d.valued_on;

ANALYZE work_position;

-- Looked up portfolio by portfolio: a scan of all that was ever held is what grows.
CREATE TEMPORARY TABLE fresh_position ON COMMIT DROP AS
SELECT p.*
  FROM work_position w
  CROSS JOIN LATERAL (
        SELECT * FROM rollup.position_daily q
         WHERE q.portfolio_id = w.portfolio_id AND q.valued_on = w.valued_on
        OFFSET 0) AS p;

ALTER TABLE fresh_position ADD PRIMARY KEY (portfolio_id, valued_on, listing_id);

ANALYZE fresh_position (portfolio_id, valued_on, listing_id);

DELETE FROM rollup.position_open p
 WHERE p.valued_on NOT IN (SELECT valued_on FROM newest_day);

DELETE FROM rollup.position_open p USING work_position w
 WHERE p.portfolio_id = w.portfolio_id AND p.valued_on = w.valued_on
   AND NOT EXISTS (SELECT FROM fresh_position f
                    WHERE f.portfolio_id = p.portfolio_id AND f.valued_on = p.valued_on AND f.listing_id = p.listing_id);

UPDATE rollup.position_open p
   SET units = f.units, price = f.price, priced_on = f.priced_on, price_currency = f.price_currency,
       value_price_currency = f.value_price_currency, base_rate = f.base_rate, base_value = f.base_value,
       average_cost = f.average_cost, fifo_cost = f.fifo_cost,
       average_realised = f.average_realised, fifo_realised = f.fifo_realised
  FROM fresh_position f
 WHERE f.portfolio_id = p.portfolio_id AND f.valued_on = p.valued_on AND f.listing_id = p.listing_id
   AND ROW(p.*) IS DISTINCT FROM ROW(f.*);

INSERT INTO rollup.position_open
SELECT f.* FROM fresh_position f
 WHERE NOT EXISTS (SELECT FROM rollup.position_open p
                    WHERE p.portfolio_id = f.portfolio_id AND p.valued_on = f.valued_on AND p.listing_id = f.listing_id)
 ORDER BY f.portfolio_id, f.valued_on, f.listing_id;
