-- Purpose: the books to replay: their ledger changed, an event of theirs takes effect on a new day,
--          or a rate or close that entered a cost or a flow became another.
-- Grain:   one row per portfolio.

INSERT INTO work_portfolio
SELECT portfolio_id FROM taken WHERE portfolio_id IS NOT NULL
UNION
SELECT p.id FROM portfolio p
 WHERE EXISTS (SELECT FROM taken t WHERE t.everything)
UNION
-- The last valuation day before a change: an event after it takes effect on the changed day or later.
SELECT t.portfolio_id FROM transaction t
 WHERE t.known_to IS NULL AND %(new_from)s::date IS NOT NULL
   AND t.effective_on > (SELECT coalesce(max(valued_on), '-infinity') FROM valuation_day
                          WHERE valued_on < %(new_from)s::date)
UNION
SELECT t.portfolio_id
  FROM work_currency w
  JOIN portfolio p ON true
  JOIN transaction t ON t.portfolio_id = p.id AND t.known_to IS NULL
                    AND t.effective_on > (SELECT coalesce(max(valued_on), '-infinity') FROM valuation_day
                                           WHERE valued_on < w.from_on)
 WHERE w.currency <> %(pivot)s::text
   AND (p.base_currency = w.currency OR t.currency = w.currency OR t.second_currency = w.currency
        OR EXISTS (SELECT FROM listing l WHERE l.id = t.listing_id AND l.price_currency = w.currency))
UNION
SELECT t.portfolio_id
  FROM changed_price c
  JOIN transaction t ON t.listing_id = c.listing_id AND t.known_to IS NULL
                    AND t.kind IN ('TRANSFER_IN', 'TRANSFER_OUT')
                    AND t.effective_on > (SELECT coalesce(max(valued_on), '-infinity') FROM valuation_day
                                           WHERE valued_on < c.from_on)
                    AND t.effective_on <= c.to_on;
