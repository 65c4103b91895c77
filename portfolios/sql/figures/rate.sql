-- Purpose: what a unit of a currency is worth in US dollars.
-- Grain:   one row, none without a rate.
-- Readers: portfolios/figures/days.py, as helio_web.

SELECT usd_per_unit
  FROM fx_daily
 WHERE currency = %(currency)s::text AND valued_on = %(day)s::date;
