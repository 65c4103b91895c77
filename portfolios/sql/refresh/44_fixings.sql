-- Purpose: every effective fixing as quoted: the rate of a cost is that of the event's own date,
--          which need not be a valuation day.
-- Grain:   one row per pair and day.

SELECT DISTINCT ON (base_currency, quote_currency, fixed_on) base_currency, quote_currency, fixed_on, rate
  FROM fx_fixing
 WHERE known_to IS NULL AND rate > 0
 ORDER BY base_currency, quote_currency, fixed_on, known_from DESC;
