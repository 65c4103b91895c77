-- Purpose: what each listing did to the firm's value on a day, over all portfolios, in US dollars:
--          value now − value before + trading cash (negative for purchases) + dividends.
-- Grain:   one row per valuation day and listing held that day or the day before; cash is left out.
-- Owner:   helio_rollup.  Readers: figures.firm_mover_day (helio_gate).

CREATE FUNCTION rollup.mover(from_on date, until_on date)
RETURNS TABLE (valued_on date, listing_id integer, value numeric, change numeric)
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    WITH valued AS (
        SELECT p.valued_on, p.listing_id, sum(p.value_price_currency * f.usd_per_unit) AS usd_value
          FROM position_daily p
          JOIN fx_daily f ON f.currency = p.price_currency AND f.valued_on = p.valued_on
         WHERE p.valued_on >= rollup.day_before(from_on) AND p.valued_on < until_on
           AND p.average_cost IS NOT NULL AND p.value_price_currency IS NOT NULL
         GROUP BY p.valued_on, p.listing_id
    ), traded AS (
        SELECT a.valued_on, a.listing_id, sum((a.traded_cash + a.dividend_income) * f.usd_per_unit) AS cash
          FROM listing_activity a
          JOIN portfolio o ON o.id = a.portfolio_id
          JOIN fx_daily f  ON f.currency = o.base_currency AND f.valued_on = a.valued_on
         WHERE a.valued_on >= from_on AND a.valued_on < until_on
         GROUP BY a.valued_on, a.listing_id
    ), part AS (
        SELECT v.valued_on, v.listing_id, v.usd_value AS value, v.usd_value AS change FROM valued v
        UNION ALL
        SELECT d.valued_on, v.listing_id, 0, -v.usd_value
          FROM valued v JOIN valuation_day d ON d.previous_on = v.valued_on
        UNION ALL
        SELECT t.valued_on, t.listing_id, 0, t.cash FROM traded t
    )
    SELECT m.valued_on, m.listing_id, sum(m.value)::numeric(30, 10), sum(m.change)::numeric(30, 10)
      FROM part m
     WHERE m.valued_on >= from_on AND m.valued_on < until_on
     GROUP BY m.valued_on, m.listing_id;
END;

CREATE MATERIALIZED VIEW rollup.firm_mover_day_closed AS
SELECT * FROM rollup.mover('-infinity', rollup.open_from());

CREATE UNIQUE INDEX firm_mover_day_closed_key ON rollup.firm_mover_day_closed (valued_on, listing_id);

CREATE MATERIALIZED VIEW rollup.firm_mover_day_open AS
SELECT * FROM rollup.mover(rollup.open_from(), 'infinity');

CREATE UNIQUE INDEX firm_mover_day_open_key ON rollup.firm_mover_day_open (valued_on, listing_id);

GRANT SELECT ON rollup.firm_mover_day_closed, rollup.firm_mover_day_open TO helio_gate, helio_worker, helio_audit;
GRANT MAINTAIN ON rollup.firm_mover_day_closed, rollup.firm_mover_day_open TO helio_worker;
