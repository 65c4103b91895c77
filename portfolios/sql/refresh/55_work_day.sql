-- Purpose: whose days are computed again, from which on: what they hold, its worth, their flows or the
--          rate of their currency changed, or there are new days.
-- Grain:   one row per portfolio.

ANALYZE changed_base_price;

INSERT INTO work_day
SELECT portfolio_id, min(from_on)
  FROM (SELECT portfolio_id, from_on FROM changed_activity
        UNION ALL
        SELECT portfolio_id, from_on FROM changed_state
        UNION ALL
        SELECT h.portfolio_id, greatest(c.from_on, h.from_on)
          FROM changed_base_price c
          JOIN holding_state h ON h.listing_id = c.listing_id AND h.units <> 0
                              AND h.from_on <= c.to_on AND coalesce(h.to_on, 'infinity'::date) >= c.from_on
          JOIN portfolio o     ON o.id = h.portfolio_id AND o.base_currency = c.base_currency
        UNION ALL
        SELECT o.id, c.from_on
          FROM changed_rate c
          JOIN portfolio o ON o.base_currency = c.currency
        UNION ALL
        SELECT l.portfolio_id, n.from_on
          FROM portfolio_life l,
               (SELECT %(new_from)s::date UNION ALL SELECT from_on FROM taken WHERE everything) AS n (from_on)
         WHERE coalesce(l.last_on, 'infinity') >= n.from_on) AS touched
 GROUP BY portfolio_id;

ANALYZE work_day;
