-- Purpose: the events of one holding as they were believed at a moment: the columns of a replay.
-- Grain:   one row per event, the highest version known then.
-- Readers: portfolios/figures/lots.py, as helio_web (its perimeter).

SELECT portfolio_id, kind, effective_on, executed_at, source, source_reference, listing_id, units,
       currency, gross_amount, charges, cash_effect, second_currency, second_cash_effect,
       split_new, split_old
  FROM transaction
 WHERE known_from <= %(known_at)s::timestamptz
   AND (known_to IS NULL OR known_to > %(known_at)s::timestamptz)
   AND portfolio_id = %(portfolio_id)s::integer AND listing_id = %(listing_id)s::integer
 ORDER BY effective_on, id;
