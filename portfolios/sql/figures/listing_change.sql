-- Purpose: what each listing did to the value on a day: value now − value before + trading cash
--          (negative for purchases) + dividends, in one reporting currency. Cash is left out.
-- Grain:   one row per listing held that day or the day before.
-- Readers: portfolios/figures/holdings.py, as helio_web.

-- A rate for each portfolio and day, not for each of its positions; and portfolio by portfolio: the
-- planner expects one behind a policy, and would go through everybody's positions for each. Both days
-- are parameters, so that only they are looked at.
WITH book AS MATERIALIZED (
    SELECT o.id, b.valued_on,
           CASE WHEN o.base_currency = %(currency)s::text THEN 1
                ELSE b.usd_per_unit / r.usd_per_unit END AS rate
      FROM portfolio o
      JOIN fx_daily b ON b.currency = o.base_currency AND b.valued_on IN (%(as_of)s::date, %(eve)s::date)
      JOIN fx_daily r ON r.currency = %(currency)s::text AND r.valued_on = b.valued_on
     WHERE %(portfolio_ids)s::integer[] IS NULL OR o.id = ANY (%(portfolio_ids)s::integer[])
), part AS (
    SELECT p.listing_id, CASE WHEN k.valued_on = %(as_of)s::date THEN p.base_value ELSE -p.base_value END * k.rate AS amount
      FROM book k
      CROSS JOIN LATERAL (
            SELECT * FROM position_daily q
             WHERE q.portfolio_id = k.id AND q.valued_on = k.valued_on AND q.average_cost IS NOT NULL
            OFFSET 0) AS p
    UNION ALL
    SELECT a.listing_id, (a.traded_cash + a.dividend_income) * k.rate
      FROM book k
      CROSS JOIN LATERAL (
            SELECT * FROM listing_activity t
             WHERE t.portfolio_id = k.id AND t.valued_on = k.valued_on
            OFFSET 0) AS a
     WHERE k.valued_on = %(as_of)s::date
)
SELECT c.listing_id, l.key AS listing_key, i.name, c.change
  FROM (SELECT p.listing_id, sum(p.amount) AS change FROM part p GROUP BY p.listing_id) AS c
  JOIN listing l    ON l.id = c.listing_id
  JOIN instrument i ON i.id = l.instrument_id
 ORDER BY c.change DESC NULLS LAST, l.key;
