-- Purpose: units × price × rate for the positions at work; only what differs is written, and
--          changed_day says where. Cash is worth its units. A negative quantity is an error to
--          see, never a value. A listing without any price has none.
-- Grain:   position_daily: one row per portfolio, valuation day and listing held.

WITH gone AS (
    DELETE FROM position_daily p USING work_position w
     WHERE p.portfolio_id = w.portfolio_id AND p.listing_id = w.listing_id
       AND p.valued_on BETWEEN w.from_on AND w.to_on
       AND p.valued_on >= (SELECT min(from_on) FROM work_position)
       AND NOT EXISTS (SELECT FROM holding_state h
                        WHERE h.portfolio_id = p.portfolio_id AND h.listing_id = p.listing_id
                          AND h.from_on <= p.valued_on AND (h.to_on IS NULL OR h.to_on >= p.valued_on)
                          AND h.units <> 0)
    RETURNING p.portfolio_id, p.valued_on
)
INSERT INTO changed_day
SELECT portfolio_id, min(valued_on) FROM gone GROUP BY portfolio_id;

WITH held AS (
    SELECT h.portfolio_id, h.listing_id, d.valued_on, h.units,
           h.average_cost, h.fifo_cost, h.average_realised, h.fifo_realised,
           o.base_currency, l.price_currency AS listed_currency, left(l.key, 5) = 'CASH:' AS is_cash
      FROM work_position w
      JOIN holding_state h ON h.portfolio_id = w.portfolio_id AND h.listing_id = w.listing_id AND h.units <> 0
      JOIN portfolio o     ON o.id = h.portfolio_id
      JOIN listing l       ON l.id = h.listing_id
      JOIN valuation_day d ON d.valued_on BETWEEN greatest(h.from_on, w.from_on)
                                              AND least(coalesce(h.to_on, 'infinity'), w.to_on)
), priced AS (
    SELECT h.*,
           CASE WHEN h.is_cash THEN 1 ELSE p.price END                       AS price,
           CASE WHEN h.is_cash THEN h.valued_on ELSE p.priced_on END         AS priced_on,
           CASE WHEN h.is_cash THEN h.listed_currency
                ELSE coalesce(p.currency, h.listed_currency) END             AS price_currency,
           CASE WHEN h.is_cash THEN h.units ELSE greatest(h.units, 0) END    AS valued_units
      FROM held h
      LEFT JOIN price_daily p ON p.listing_id = h.listing_id AND p.valued_on = h.valued_on
), rated AS (
    SELECT p.*,
           CASE WHEN p.price_currency = p.base_currency THEN 1
                ELSE f.usd_per_unit / b.usd_per_unit END AS base_rate
      FROM priced p
      LEFT JOIN fx_daily f ON f.currency = p.price_currency AND f.valued_on = p.valued_on
      LEFT JOIN fx_daily b ON b.currency = p.base_currency AND b.valued_on = p.valued_on
), put AS (
    INSERT INTO position_daily AS t (
           portfolio_id, valued_on, listing_id, units, price, priced_on, price_currency,
           value_price_currency, base_rate, base_value,
           average_cost, fifo_cost, average_realised, fifo_realised)
    SELECT portfolio_id, valued_on, listing_id, units, price, priced_on, price_currency,
           (valued_units * price)::numeric(30, 10), base_rate::numeric(40, 20),
           (valued_units * price * base_rate)::numeric(30, 10),
           average_cost, fifo_cost, average_realised, fifo_realised
      FROM rated
        ON CONFLICT (portfolio_id, valued_on, listing_id) DO UPDATE
           SET units = excluded.units, price = excluded.price, priced_on = excluded.priced_on,
               price_currency = excluded.price_currency,
               value_price_currency = excluded.value_price_currency,
               base_rate = excluded.base_rate, base_value = excluded.base_value,
               average_cost = excluded.average_cost, fifo_cost = excluded.fifo_cost,
               average_realised = excluded.average_realised, fifo_realised = excluded.fifo_realised
         WHERE (t.units, t.price, t.priced_on, t.price_currency, t.base_rate, t.base_value,
                t.average_cost, t.fifo_cost, t.average_realised, t.fifo_realised)
            IS DISTINCT FROM
               (excluded.units, excluded.price, excluded.priced_on, excluded.price_currency,
                excluded.base_rate, excluded.base_value, excluded.average_cost, excluded.fifo_cost,
                excluded.average_realised, excluded.fifo_realised)
    RETURNING t.portfolio_id, t.valued_on
)
INSERT INTO changed_day
SELECT portfolio_id, min(valued_on) FROM put GROUP BY portfolio_id;
