-- Purpose: all valuation days, and the session before the first.
-- Grain:   one row; empty arrays and dates before there are any.
-- Readers: portfolios/figures/days.py, as helio_web.

SELECT coalesce(array_agg(valued_on ORDER BY valued_on), '{}') AS days, min(previous_on) AS eve
  FROM valuation_day;
