-- Purpose: from which day to which there is something to value, and from which to which there was.
-- Grain:   one row.

SELECT (SELECT min(effective_on) FROM transaction WHERE known_to IS NULL) AS first_event_on,
       (SELECT max(priced_on) FROM price WHERE known_to IS NULL)          AS last_price_on,
       (SELECT min(valued_on) FROM valuation_day)                         AS first_valued_on,
       (SELECT max(valued_on) FROM valuation_day)                         AS last_valued_on;
