-- Purpose: a portfolio's purchase, worth a hundredth of its cash, of a listing that it holds.
-- Readers: portfolios/bench/arrivals.py.

INSERT INTO transaction (portfolio_id, kind, effective_on, settles_on, listing_id, units, unit_price,
       price_unit, currency, gross_amount, charges, cash_effect, second_currency, remark, source,
       source_reference, source_version, known_from, batch_id, file_id, line_no)
SELECT h.portfolio_id, 'BUY', %(on)s, %(on)s, h.listing_id, 10, p.price, p.currency, p.currency,
       10 * p.price, 0, -10 * p.price, '', 'bench', 'bench', 'back-dated', 1, now(), 2, 2, 1
  FROM holding_state h
  JOIN price_daily p ON p.listing_id = h.listing_id AND p.valued_on = %(on)s
 WHERE h.portfolio_id = %(portfolio_id)s AND h.average_cost IS NOT NULL AND h.units > 0
   AND h.from_on <= %(on)s AND (h.to_on IS NULL OR h.to_on >= %(on)s)
 ORDER BY h.listing_id
 LIMIT 1
