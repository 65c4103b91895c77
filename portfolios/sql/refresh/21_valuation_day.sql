-- Purpose: valuation_day becomes exactly the days given. What was valued on a day that is gone goes
--          with the work from that day on; prices and rates, which also look back, go here.
-- Grain:   one row per valuation day.

DELETE FROM valuation_day WHERE valued_on <> ALL (%(days)s::date[]);

INSERT INTO valuation_day (valued_on, previous_on)
SELECT * FROM unnest(%(days)s::date[], %(previous)s::date[])
    ON CONFLICT (valued_on) DO UPDATE SET previous_on = excluded.previous_on
 WHERE valuation_day.previous_on <> excluded.previous_on;

DELETE FROM price_daily
 WHERE %(days_gone)s::boolean AND valued_on NOT IN (SELECT valued_on FROM valuation_day);

DELETE FROM fx_daily
 WHERE valued_on NOT IN (SELECT valued_on FROM valuation_day UNION SELECT min(previous_on) FROM valuation_day);
