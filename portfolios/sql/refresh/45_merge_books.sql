-- Purpose: merges the replayed books; changed_state, changed_activity and changed_trading say from which day on they differ.
-- Grain:   holding_state: portfolio, listing, span. activity_daily: portfolio, day. listing_activity:
--          portfolio, day, listing. portfolio_life: portfolio.

ANALYZE fresh_state;

-- A span that only ends on another day differs after the earlier end.
INSERT INTO changed_state
SELECT portfolio_id, listing_id,
       min(CASE WHEN o.units IS NOT DISTINCT FROM n.units
                 AND (o.average_cost, o.fifo_cost, o.average_realised, o.fifo_realised)
                     IS NOT DISTINCT FROM (n.average_cost, n.fifo_cost, n.average_realised, n.fifo_realised)
                THEN least(o.to_on, n.to_on) ELSE from_on END)
  FROM (SELECT h.* FROM holding_state h JOIN work_portfolio w USING (portfolio_id)) AS o
  FULL JOIN fresh_state n USING (portfolio_id, listing_id, from_on)
 WHERE (o.to_on, o.units, o.average_cost, o.fifo_cost, o.average_realised, o.fifo_realised)
    IS DISTINCT FROM (n.to_on, n.units, n.average_cost, n.fifo_cost, n.average_realised, n.fifo_realised)
 GROUP BY portfolio_id, listing_id;

DELETE FROM holding_state h USING work_portfolio w
 WHERE h.portfolio_id = w.portfolio_id
   AND NOT EXISTS (SELECT FROM fresh_state f
                    WHERE f.portfolio_id = h.portfolio_id AND f.listing_id = h.listing_id AND f.from_on = h.from_on);

INSERT INTO holding_state AS h (portfolio_id, listing_id, from_on, to_on, units,
                                average_cost, fifo_cost, average_realised, fifo_realised)
SELECT portfolio_id, listing_id, from_on, to_on, units, average_cost, fifo_cost, average_realised, fifo_realised
  FROM fresh_state
    ON CONFLICT (portfolio_id, listing_id, from_on) DO UPDATE
       SET to_on = excluded.to_on, units = excluded.units,
           average_cost = excluded.average_cost, fifo_cost = excluded.fifo_cost,
           average_realised = excluded.average_realised, fifo_realised = excluded.fifo_realised
     WHERE (h.to_on, h.units, h.average_cost, h.fifo_cost, h.average_realised, h.fifo_realised)
        IS DISTINCT FROM (excluded.to_on, excluded.units, excluded.average_cost, excluded.fifo_cost,
                          excluded.average_realised, excluded.fifo_realised);

WITH gone AS (
    DELETE FROM activity_daily a USING work_portfolio w
     WHERE a.portfolio_id = w.portfolio_id
       AND NOT EXISTS (SELECT FROM fresh_activity f
                        WHERE f.portfolio_id = a.portfolio_id AND f.valued_on = a.valued_on)
    RETURNING a.portfolio_id, a.valued_on
), put AS (
    INSERT INTO activity_daily AS a (portfolio_id, valued_on, external_inflow, external_outflow, management_fee,
                                     safekeeping_fee, dividend_income, average_realised, fifo_realised)
    SELECT portfolio_id, valued_on, external_inflow, external_outflow, management_fee,
           safekeeping_fee, dividend_income, average_realised, fifo_realised
      FROM fresh_activity
        ON CONFLICT (portfolio_id, valued_on) DO UPDATE
           SET external_inflow = excluded.external_inflow, external_outflow = excluded.external_outflow,
               management_fee = excluded.management_fee, safekeeping_fee = excluded.safekeeping_fee,
               dividend_income = excluded.dividend_income,
               average_realised = excluded.average_realised, fifo_realised = excluded.fifo_realised
         WHERE (a.external_inflow, a.external_outflow, a.management_fee, a.safekeeping_fee,
                a.dividend_income, a.average_realised, a.fifo_realised)
            IS DISTINCT FROM (excluded.external_inflow, excluded.external_outflow, excluded.management_fee,
                              excluded.safekeeping_fee, excluded.dividend_income,
                              excluded.average_realised, excluded.fifo_realised)
    RETURNING a.portfolio_id, a.valued_on
)
INSERT INTO changed_activity
SELECT portfolio_id, min(valued_on) FROM (SELECT * FROM gone UNION ALL SELECT * FROM put) AS changed
 GROUP BY portfolio_id;

WITH gone AS (
    DELETE FROM listing_activity a USING work_portfolio w
     WHERE a.portfolio_id = w.portfolio_id
       AND NOT EXISTS (SELECT FROM fresh_listing_activity f
                        WHERE f.portfolio_id = a.portfolio_id AND f.valued_on = a.valued_on
                          AND f.listing_id = a.listing_id)
    RETURNING a.portfolio_id, a.listing_id, a.valued_on
), put AS (
    INSERT INTO listing_activity AS a (portfolio_id, valued_on, listing_id, traded_cash, dividend_income)
    SELECT portfolio_id, valued_on, listing_id, traded_cash, dividend_income FROM fresh_listing_activity
        ON CONFLICT (portfolio_id, valued_on, listing_id) DO UPDATE
           SET traded_cash = excluded.traded_cash, dividend_income = excluded.dividend_income
         WHERE (a.traded_cash, a.dividend_income) IS DISTINCT FROM (excluded.traded_cash, excluded.dividend_income)
    RETURNING a.portfolio_id, a.listing_id, a.valued_on
)
INSERT INTO changed_trading
SELECT * FROM gone UNION ALL SELECT * FROM put;

INSERT INTO changed_activity
SELECT portfolio_id, min(valued_on) FROM changed_trading GROUP BY portfolio_id;

WITH gone AS (
    DELETE FROM portfolio_life a USING work_portfolio w
     WHERE a.portfolio_id = w.portfolio_id
       AND NOT EXISTS (SELECT FROM fresh_life f WHERE f.portfolio_id = a.portfolio_id)
    RETURNING a.portfolio_id, a.first_on
), put AS (
    INSERT INTO portfolio_life AS a (portfolio_id, first_on, last_on)
    SELECT portfolio_id, first_on, last_on FROM fresh_life
        ON CONFLICT (portfolio_id) DO UPDATE SET first_on = excluded.first_on, last_on = excluded.last_on
         WHERE (a.first_on, a.last_on) IS DISTINCT FROM (excluded.first_on, excluded.last_on)
    RETURNING a.portfolio_id, a.first_on
)
INSERT INTO changed_activity
SELECT portfolio_id, first_on FROM (SELECT * FROM gone UNION ALL SELECT * FROM put) AS changed;
