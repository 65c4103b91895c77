-- Purpose: what one unit of some currencies is worth in US dollars, on every day of a period.
-- Grain:   one row per currency that has a rate. Days are offsets from the first one; numbers are texts,
--          separated by spaces.
-- Readers: portfolios/figures/rates.py, as helio_web.

SELECT currency, string_agg((valued_on - %(start)s::date)::text, ' ') AS offsets,
       string_agg(usd_per_unit::text, ' ')                            AS rates
  FROM fx_daily
 WHERE currency = ANY (%(currencies)s::text[]) AND valued_on BETWEEN %(start)s::date AND %(until)s::date
 GROUP BY currency
 ORDER BY currency;
