-- Purpose: all valuation days, and the session before the first.
-- Grain:   one row, the days packed in order (portfolios/packed.py); null before there are any.
-- Readers: portfolios/figures/days.py, as helio_web.

SELECT string_agg(date_send(valued_on), '' ORDER BY valued_on) AS days, min(previous_on) AS eve
  FROM valuation_day;
