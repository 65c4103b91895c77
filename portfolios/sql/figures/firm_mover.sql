-- Purpose: the listings that moved the firm most on a day, in the firm's currency.
-- Grain:   one row per listing.
-- Readers: portfolios/figures/firm.py, as helio_web with the role executive or auditor.

SELECT m.listing_id, l.key AS listing_key, i.name, m.value, m.change
  FROM figures.firm_mover_day m
  JOIN listing l    ON l.id = m.listing_id
  JOIN instrument i ON i.id = l.instrument_id
 WHERE m.valued_on = %(as_of)s::date
 ORDER BY abs(m.change) DESC, l.key
 LIMIT %(top)s::integer;
