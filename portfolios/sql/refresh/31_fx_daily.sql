-- Purpose: pivot units for one unit of each currency at work, by the last fixing on or before each
--          valuation day (and the eve of the first); changed_rate says where it became another.
-- Grain:   fx_daily: one row per currency and valuation day from its first fixing on; the pivot is 1.

CREATE TEMPORARY TABLE fresh_rate ON COMMIT DROP AS
WITH day AS (
    SELECT valued_on FROM valuation_day UNION SELECT min(previous_on) FROM valuation_day
), quoted AS (
    SELECT DISTINCT ON (w.currency, x.fixed_on)
           w.currency, x.fixed_on, w.from_on,
           CASE WHEN x.base_currency = %(pivot)s::text THEN 1 / x.rate ELSE x.rate END AS usd_per_unit
      FROM work_currency w
      JOIN fx_fixing x ON (x.base_currency = w.currency AND x.quote_currency = %(pivot)s::text)
                       OR (x.quote_currency = w.currency AND x.base_currency = %(pivot)s::text)
     WHERE x.known_to IS NULL AND x.rate > 0 AND w.currency <> %(pivot)s::text
     ORDER BY w.currency, x.fixed_on, x.known_from DESC
), spanned AS (
    SELECT q.*, lead(q.fixed_on, 1, 'infinity') OVER (PARTITION BY q.currency ORDER BY q.fixed_on) AS next_on
      FROM quoted q
)
SELECT s.currency, d.valued_on, s.usd_per_unit::numeric(40, 20) AS usd_per_unit, s.fixed_on
  FROM spanned s
  JOIN day d ON d.valued_on >= s.fixed_on AND d.valued_on < s.next_on
            AND (d.valued_on >= s.from_on OR d.valued_on < (SELECT min(valued_on) FROM valuation_day))
UNION ALL
SELECT w.currency, d.valued_on, 1, d.valued_on
  FROM work_currency w
  JOIN day d ON d.valued_on >= w.from_on OR d.valued_on < (SELECT min(valued_on) FROM valuation_day)
 WHERE w.currency = %(pivot)s::text;

WITH gone AS (
    DELETE FROM fx_daily x USING work_currency w
     WHERE x.currency = w.currency AND x.valued_on >= w.from_on
       AND NOT EXISTS (SELECT FROM fresh_rate f WHERE f.currency = x.currency AND f.valued_on = x.valued_on)
    RETURNING x.currency, x.valued_on
), put AS (
    INSERT INTO fx_daily AS x (currency, valued_on, usd_per_unit, fixed_on)
    SELECT currency, valued_on, usd_per_unit, fixed_on FROM fresh_rate
        ON CONFLICT (currency, valued_on) DO UPDATE
           SET usd_per_unit = excluded.usd_per_unit, fixed_on = excluded.fixed_on
         WHERE (x.usd_per_unit, x.fixed_on) IS DISTINCT FROM (excluded.usd_per_unit, excluded.fixed_on)
    RETURNING x.currency, x.valued_on
)
INSERT INTO changed_rate
SELECT currency, min(valued_on), max(valued_on)
  FROM (SELECT * FROM gone UNION ALL SELECT * FROM put) AS changed
 GROUP BY currency;
