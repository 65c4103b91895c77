-- Purpose: realised and unrealised profit of every listing that a portfolio ever held, base currency.
-- Grain:   one row per listing.
-- Readers: portfolios/figures/holdings.py, as helio_web.

SELECT l.key AS listing_key, i.name, h.units,
       h.average_realised, h.fifo_realised,
       coalesce(p.base_value - p.average_cost, 0) AS average_unrealised,
       coalesce(p.base_value - p.fifo_cost, 0)    AS fifo_unrealised
  FROM holding_state h
  JOIN listing l    ON l.id = h.listing_id
  JOIN instrument i ON i.id = l.instrument_id
  LEFT JOIN position_daily p ON p.portfolio_id = h.portfolio_id AND p.listing_id = h.listing_id
                            AND p.valued_on = %(as_of)s::date
 WHERE h.portfolio_id = %(portfolio_id)s::integer AND h.average_cost IS NOT NULL
   AND h.from_on <= %(as_of)s::date AND (h.to_on IS NULL OR h.to_on >= %(as_of)s::date)
 ORDER BY l.key;
