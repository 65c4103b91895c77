-- Purpose: valuation_day becomes exactly the days given.
-- Grain:   one row per valuation day.

DELETE FROM valuation_day WHERE valued_on <> ALL (%(days)s::date[]);

INSERT INTO valuation_day (valued_on, previous_on)
SELECT * FROM unnest(%(days)s::date[], %(previous)s::date[])
    ON CONFLICT (valued_on) DO UPDATE SET previous_on = excluded.previous_on
 WHERE valuation_day.previous_on <> excluded.previous_on;

DELETE FROM price_daily WHERE valued_on NOT IN (SELECT valued_on FROM valuation_day);

DELETE FROM fx_daily
 WHERE valued_on NOT IN (SELECT valued_on FROM valuation_day UNION SELECT min(previous_on) FROM valuation_day);

DELETE FROM position_daily
 WHERE valued_on NOT IN (SELECT valued_on FROM valuation_day)
   AND (%(days_gone)s::boolean);
