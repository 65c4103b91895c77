-- Purpose: what the listings at work did to the firm's value (listing_movers in 125_listing_movers.sql);
--          only what differs is written.
-- Grain:   rollup.firm_mover_day: one row per valuation day and listing held that day or the day before.

-- Listing by listing, so that two processes can share them (58_shared). One beside this one cannot see
-- its temporary tables.
CREATE TEMPORARY TABLE fresh_mover ON COMMIT DROP AS
SELECT m.*
  FROM listing l
  JOIN unnest(%(listing_ids)s::integer[], %(from_ons)s::date[], %(to_ons)s::date[], %(eves)s::date[])
       AS w (listing_id, from_on, to_on, eve) ON w.listing_id = l.id
  CROSS JOIN LATERAL rollup.listing_movers(l.id, w.from_on, w.to_on, w.eve) AS m;

CREATE TEMPORARY TABLE kept_mover ON COMMIT DROP AS
SELECT k.*
  FROM work_mover w
  CROSS JOIN LATERAL (
        SELECT * FROM rollup.firm_mover_day m
         WHERE m.listing_id = w.listing_id AND m.valued_on BETWEEN w.from_on AND w.to_on
        OFFSET 0) AS k;

ANALYZE fresh_mover, kept_mover;

DELETE FROM rollup.firm_mover_day m
 USING (SELECT k.listing_id, k.valued_on FROM kept_mover k
         WHERE NOT EXISTS (SELECT FROM fresh_mover f
                            WHERE f.listing_id = k.listing_id AND f.valued_on = k.valued_on)) AS k
 WHERE m.listing_id = k.listing_id AND m.valued_on = k.valued_on;

-- In the order of the key: its tree grows at one place, not all over.
CREATE TEMPORARY TABLE different_mover ON COMMIT DROP AS
SELECT f.*, k.listing_id IS NOT NULL AS is_kept
  FROM fresh_mover f
  LEFT JOIN kept_mover k ON k.valued_on = f.valued_on AND k.listing_id = f.listing_id
 WHERE k.listing_id IS NULL OR (k.value, k.change) IS DISTINCT FROM (f.value, f.change)
 ORDER BY f.listing_id, f.valued_on;

ANALYZE different_mover (listing_id, valued_on, is_kept);

UPDATE rollup.firm_mover_day m
   SET value = d.value, change = d.change
  FROM different_mover d
 WHERE d.is_kept AND m.listing_id = d.listing_id AND m.valued_on = d.valued_on;

-- New rows apart: to look for a row that might be in their way takes three times as long.
INSERT INTO rollup.firm_mover_day (valued_on, listing_id, value, change)
SELECT valued_on, listing_id, value, change FROM different_mover WHERE NOT is_kept;
