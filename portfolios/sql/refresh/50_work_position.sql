-- Purpose: which positions are valued again, from which day to which: the holding, its price, its
--          rate or its portfolio's rate changed, or there is a new day.
-- Grain:   one row per portfolio and listing.

ANALYZE changed_price, changed_rate, changed_state;

INSERT INTO work_position
WITH held AS (
    SELECT portfolio_id, listing_id, from_on, coalesce(to_on, 'infinity') AS to_on FROM holding_state
), touched AS (
    SELECT portfolio_id, listing_id, from_on, 'infinity'::date AS to_on FROM changed_state
    UNION ALL
    SELECT h.portfolio_id, h.listing_id, c.from_on, c.to_on
      FROM changed_price c
      JOIN held h ON h.listing_id = c.listing_id AND h.from_on <= c.to_on AND h.to_on >= c.from_on
    UNION ALL
    SELECT h.portfolio_id, h.listing_id, c.from_on, c.to_on
      FROM changed_rate c
      JOIN listing l ON l.price_currency = c.currency
                     OR EXISTS (SELECT FROM price_daily p WHERE p.listing_id = l.id AND p.currency = c.currency
                                   AND p.valued_on BETWEEN c.from_on AND c.to_on)
      JOIN held h ON h.listing_id = l.id AND h.from_on <= c.to_on AND h.to_on >= c.from_on
    UNION ALL
    SELECT h.portfolio_id, h.listing_id, c.from_on, c.to_on
      FROM changed_rate c
      JOIN portfolio p ON p.base_currency = c.currency
      JOIN held h ON h.portfolio_id = p.id AND h.from_on <= c.to_on AND h.to_on >= c.from_on
    UNION ALL
    SELECT h.portfolio_id, h.listing_id, %(new_from)s::date, 'infinity'
      FROM held h
     WHERE h.to_on >= %(new_from)s::date
)
SELECT portfolio_id, listing_id, min(from_on), max(to_on) FROM touched GROUP BY portfolio_id, listing_id;

ANALYZE work_position;
