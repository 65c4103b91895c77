-- Purpose: the months that the positions at work need, made where they are missing.
-- Grain:   one call per month.

SELECT ensure_position_month(month.first_on)
  FROM (SELECT DISTINCT date_trunc('month', valued_on)::date AS first_on
          FROM valuation_day
         WHERE valued_on >= (SELECT min(from_on) FROM work_position)) AS month
 WHERE to_regclass(format('public.position_daily_%s', to_char(month.first_on, 'YYYY_MM'))) IS NULL;
