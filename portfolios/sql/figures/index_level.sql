-- Purpose: the firm's benchmark in a reporting currency.
-- Grain:   one row per valuation day, and the eve of the first.
-- Readers: portfolios/figures/aggregates.py, as helio_web.

SELECT i.valued_on, i.usd_value / r.usd_per_unit AS value
  FROM figures.index_day i
  JOIN fx_daily r ON r.currency = %(currency)s::text AND r.valued_on = i.valued_on
 WHERE i.valued_on BETWEEN %(start)s::date AND %(until)s::date
 ORDER BY i.valued_on;
