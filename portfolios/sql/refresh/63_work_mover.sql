-- Purpose: the listings whose part in the firm's value is computed again: where their price, their
--          rate, the firm's holding or its trades became others.
-- Grain:   one row: those at work, from which day to which, and the day before.

CREATE TEMPORARY TABLE work_mover ON COMMIT DROP AS
WITH touched AS (
    SELECT listing_id, from_on, to_on FROM changed_price
    UNION ALL
    SELECT l.id, c.from_on, c.to_on
      FROM changed_rate c
      JOIN listing l ON l.price_currency = c.currency
                     OR EXISTS (SELECT FROM price_daily p WHERE p.listing_id = l.id AND p.currency = c.currency
                                   AND p.valued_on BETWEEN c.from_on AND c.to_on)
    UNION ALL
    SELECT a.listing_id, a.valued_on, a.valued_on
      FROM changed_rate c
      JOIN portfolio o        ON o.base_currency = c.currency
      JOIN listing_activity a ON a.portfolio_id = o.id AND a.valued_on BETWEEN c.from_on AND c.to_on
    UNION ALL
    SELECT listing_id, from_on, 'infinity' FROM changed_state
    UNION ALL
    SELECT listing_id, valued_on, valued_on FROM changed_trading
    UNION ALL
    SELECT l.id, n.from_on, 'infinity'
      FROM listing l,
           (SELECT %(new_from)s::date UNION ALL SELECT from_on FROM taken WHERE everything) AS n (from_on)
     WHERE n.from_on IS NOT NULL
), spanned AS (
    SELECT t.listing_id, min(t.from_on) AS from_on, max(t.to_on) AS to_on
      FROM touched t
      JOIN listing l ON l.id = t.listing_id AND left(l.key, 5) <> 'CASH:'
     GROUP BY t.listing_id
)
-- A value is also what the next day's change starts from.
SELECT s.listing_id, s.from_on, coalesce(n.valued_on, 'infinity') AS to_on, e.previous_on AS eve
  FROM spanned s
  LEFT JOIN LATERAL (SELECT d.valued_on FROM valuation_day d
                      WHERE d.valued_on > s.to_on ORDER BY d.valued_on LIMIT 1) AS n ON true
  CROSS JOIN LATERAL (SELECT d.previous_on FROM valuation_day d
                       WHERE d.valued_on >= s.from_on ORDER BY d.valued_on LIMIT 1) AS e;

ANALYZE work_mover;

-- As text: there are days without an end.
SELECT coalesce(array_agg(listing_id ORDER BY listing_id), '{}')    AS listing_ids,
       coalesce(array_agg(from_on::text ORDER BY listing_id), '{}') AS from_ons,
       coalesce(array_agg(to_on::text ORDER BY listing_id), '{}')   AS to_ons,
       coalesce(array_agg(eve::text ORDER BY listing_id), '{}')     AS eves
  FROM work_mover;
