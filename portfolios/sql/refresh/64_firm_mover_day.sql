-- Purpose: what each listing did to the firm's value, where its price, its rate, the firm's holding or
--          its trades became others; only what differs is written. Holdings are summed before they are
--          multiplied: the cost is that of a listing's days, whatever the number of portfolios.
-- Grain:   rollup.firm_mover_day: one row per valuation day and listing held that day or the day before.

CREATE TEMPORARY TABLE work_mover ON COMMIT DROP AS
WITH touched AS (
    SELECT listing_id, from_on, to_on FROM changed_price
    UNION ALL
    SELECT l.id, c.from_on, c.to_on
      FROM changed_rate c
      JOIN listing l ON l.price_currency = c.currency
                     OR EXISTS (SELECT FROM price_daily p WHERE p.listing_id = l.id AND p.currency = c.currency
                                   AND p.valued_on BETWEEN c.from_on AND c.to_on)
    UNION ALL
    SELECT a.listing_id, a.valued_on, a.valued_on
      FROM changed_rate c
      JOIN portfolio o        ON o.base_currency = c.currency
      JOIN listing_activity a ON a.portfolio_id = o.id AND a.valued_on BETWEEN c.from_on AND c.to_on
    UNION ALL
    SELECT listing_id, from_on, 'infinity' FROM changed_state
    UNION ALL
    SELECT listing_id, valued_on, valued_on FROM changed_trading
    UNION ALL
    SELECT l.id, n.from_on, 'infinity'
      FROM listing l,
           (SELECT %(new_from)s::date UNION ALL SELECT from_on FROM taken WHERE everything) AS n (from_on)
     WHERE n.from_on IS NOT NULL
), spanned AS (
    SELECT t.listing_id, min(t.from_on) AS from_on, max(t.to_on) AS to_on
      FROM touched t
      JOIN listing l ON l.id = t.listing_id AND left(l.key, 5) <> 'CASH:'
     GROUP BY t.listing_id
)
-- A value is also what the next day's change starts from.
SELECT s.listing_id, s.from_on, coalesce(n.valued_on, 'infinity') AS to_on, e.previous_on AS eve
  FROM spanned s
  LEFT JOIN LATERAL (SELECT d.valued_on FROM valuation_day d
                      WHERE d.valued_on > s.to_on ORDER BY d.valued_on LIMIT 1) AS n ON true
  CROSS JOIN LATERAL (SELECT d.previous_on FROM valuation_day d
                       WHERE d.valued_on >= s.from_on ORDER BY d.valued_on LIMIT 1) AS e;

ANALYZE work_mover;

CREATE TEMPORARY TABLE fresh_mover ON COMMIT DROP AS
WITH state AS (
    SELECT w.listing_id, greatest(h.from_on, w.eve) AS from_on, h.to_on,
           h.valued_units AS units
      FROM work_mover w
      CROSS JOIN LATERAL (
            SELECT * FROM holding_state s
             WHERE s.listing_id = w.listing_id AND s.units <> 0
               AND coalesce(s.to_on, 'infinity'::date) >= w.eve AND s.from_on <= w.to_on
            OFFSET 0) AS h
), step AS (
    SELECT listing_id, from_on AS step_on, units, 1 AS holders FROM state
    UNION ALL
    SELECT s.listing_id, d.valued_on, -s.units, -1
      FROM state s
      JOIN valuation_day d ON d.previous_on = s.to_on
), total AS (
    SELECT listing_id, step_on,
           sum(sum(units))   OVER along AS units,
           sum(sum(holders)) OVER along AS holders,
           lead(step_on, 1, 'infinity') OVER along AS next_on
      FROM step
     GROUP BY listing_id, step_on
    WINDOW along AS (PARTITION BY listing_id ORDER BY step_on)
), valued AS (
    SELECT t.listing_id, p.valued_on, t.units * p.price * f.usd_per_unit AS usd_value
      FROM total t
      JOIN work_mover w  ON w.listing_id = t.listing_id
      CROSS JOIN LATERAL (
            SELECT * FROM price_daily q
             WHERE q.listing_id = t.listing_id AND q.valued_on >= t.step_on AND q.valued_on < t.next_on
               AND q.valued_on BETWEEN w.eve AND w.to_on
            OFFSET 0) AS p
      JOIN fx_daily f    ON f.currency = p.currency AND f.valued_on = p.valued_on
     WHERE t.holders > 0
), traded AS (
    SELECT a.valued_on, a.listing_id, sum((a.traded_cash + a.dividend_income) * f.usd_per_unit) AS cash
      FROM work_mover w
      CROSS JOIN LATERAL (
            SELECT * FROM listing_activity t
             WHERE t.listing_id = w.listing_id AND t.valued_on BETWEEN w.from_on AND w.to_on
            OFFSET 0) AS a
      JOIN portfolio o        ON o.id = a.portfolio_id
      JOIN fx_daily f         ON f.currency = o.base_currency AND f.valued_on = a.valued_on
     GROUP BY a.valued_on, a.listing_id
), part AS (
    SELECT v.valued_on, v.listing_id, v.usd_value AS value, v.usd_value AS change FROM valued v
    UNION ALL
    SELECT d.valued_on, v.listing_id, 0, -v.usd_value
      FROM valued v JOIN valuation_day d ON d.previous_on = v.valued_on
    UNION ALL
    SELECT t.valued_on, t.listing_id, 0, t.cash FROM traded t
)
SELECT m.valued_on, m.listing_id, sum(m.value)::numeric(30, 10) AS value, sum(m.change)::numeric(30, 10) AS change
  FROM part m
  JOIN work_mover w ON w.listing_id = m.listing_id AND m.valued_on BETWEEN w.from_on AND w.to_on
 GROUP BY m.valued_on, m.listing_id;

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

INSERT INTO rollup.firm_mover_day AS m (valued_on, listing_id, value, change)
SELECT f.valued_on, f.listing_id, f.value, f.change
  FROM fresh_mover f
  LEFT JOIN kept_mover k ON k.valued_on = f.valued_on AND k.listing_id = f.listing_id
 WHERE k.listing_id IS NULL OR (k.value, k.change) IS DISTINCT FROM (f.value, f.change)
 -- In the order of the key: its tree grows at one place, not all over.
 ORDER BY f.listing_id, f.valued_on
    ON CONFLICT (listing_id, valued_on) DO UPDATE SET value = excluded.value, change = excluded.change;
