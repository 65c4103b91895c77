-- Purpose: value of every holding on every valuation day: units × the worth of one. Multiplied when
--          it is read: storing the products costs a hundred times what the two factors do, and every
--          tick, restatement and late trade would have to write them again.
-- Grain:   one row per portfolio, valuation day and listing held (cash is a listing per currency).
-- Owner:   helio_rollup.  Readers: rollup.exposure_day, figures.position_daily (helio_gate), helio_worker.

CREATE VIEW rollup.position_daily AS
SELECT h.portfolio_id, d.valued_on, h.listing_id, h.units,
       q.price, q.priced_on, q.price_currency,
       (h.valued_units * q.price)::numeric(30, 10)      AS value_price_currency,
       q.base_rate,
       (h.valued_units * q.base_price)::numeric(30, 10) AS base_value,
       h.average_cost, h.fifo_cost, h.average_realised, h.fifo_realised
  FROM valuation_day d
  -- By the expression of the index holding_state_lasting.
  JOIN holding_state h    ON h.from_on <= d.valued_on AND coalesce(h.to_on, 'infinity'::date) >= d.valued_on
                         AND h.units <> 0
  JOIN portfolio o        ON o.id = h.portfolio_id
  JOIN base_price_daily q ON q.listing_id = h.listing_id AND q.base_currency = o.base_currency
                         AND q.valued_on = d.valued_on;

GRANT SELECT ON rollup.position_daily TO helio_gate, helio_worker, helio_audit;
