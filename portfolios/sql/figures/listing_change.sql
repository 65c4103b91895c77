-- Purpose: what each listing did to the value on a day: value now − value before + trading cash
--          (negative for purchases) + dividends, in one reporting currency. Cash is left out.
-- Grain:   one row per listing held that day or the day before.
-- Readers: portfolios/figures/holdings.py, as helio_web.

-- A rate for each portfolio and day, not for each of its positions. Both days are parameters, so
-- that only they are looked at.
WITH book AS MATERIALIZED (
    SELECT o.id, b.valued_on,
           CASE WHEN o.base_currency = %(currency)s::text THEN 1
                ELSE b.usd_per_unit / r.usd_per_unit END AS rate
      FROM portfolio o
      JOIN fx_daily b ON b.currency = o.base_currency AND b.valued_on IN (%(as_of)s::date, %(eve)s::date)
      JOIN fx_daily r ON r.currency = %(currency)s::text AND r.valued_on = b.valued_on
     WHERE %(portfolio_ids)s::integer[] IS NULL OR o.id = ANY (%(portfolio_ids)s::integer[])
), part AS (
    SELECT p.portfolio_id, p.listing_id, p.valued_on, p.base_value AS amount
      FROM position_daily p
     WHERE p.valued_on = %(as_of)s::date AND p.average_cost IS NOT NULL
    UNION ALL
    SELECT p.portfolio_id, p.listing_id, p.valued_on, -p.base_value
      FROM position_daily p
     WHERE p.valued_on = %(eve)s::date AND p.average_cost IS NOT NULL
    UNION ALL
    SELECT a.portfolio_id, a.listing_id, a.valued_on, a.traded_cash + a.dividend_income
      FROM listing_activity a
     WHERE a.valued_on = %(as_of)s::date
)
SELECT c.listing_id, l.key AS listing_key, i.name, c.change
  FROM (
    SELECT p.listing_id, sum(p.amount * k.rate) AS change
      FROM part p
      JOIN book k ON k.id = p.portfolio_id AND k.valued_on = p.valued_on
     WHERE %(portfolio_ids)s::integer[] IS NULL OR p.portfolio_id = ANY (%(portfolio_ids)s::integer[])
     GROUP BY p.listing_id) AS c
  JOIN listing l    ON l.id = c.listing_id
  JOIN instrument i ON i.id = l.instrument_id
 ORDER BY c.change DESC NULLS LAST, l.key;
