-- Purpose: what each sector was worth at the close of each day, and what trading it moved and paid
--          (cash of trades, negative for purchases and transfers in, and dividends), in one currency
--          at the day's fixings. Cash is a sector; its own flows are not told.
-- Grain:   one row per valuation day, the opening one included, and sector.
-- Readers: portfolios/figures/attributed.py, as helio_web.

WITH part AS (
    SELECT e.portfolio_id, e.valued_on, e.bucket AS sector, e.value_base::double precision AS value, 0 AS moved
      FROM figures.exposure_day e
     WHERE e.breakdown = 'sector' AND e.valued_on BETWEEN %(start)s::date AND %(until)s::date
       AND (%(portfolio_ids)s::integer[] IS NULL OR e.portfolio_id = ANY (%(portfolio_ids)s::integer[]))
    UNION ALL
    SELECT a.portfolio_id, a.valued_on,
           CASE WHEN i.security_type IN ('ETF', 'Fund') THEN 'Fund'
                ELSE coalesce(nullif(i.sector, ''), 'Unclassified') END,
           0, (a.traded_cash + a.dividend_income)::double precision
      FROM listing_activity a
      JOIN listing l    ON l.id = a.listing_id
      JOIN instrument i ON i.id = l.instrument_id
     WHERE a.valued_on > %(start)s::date AND a.valued_on <= %(until)s::date
       AND (%(portfolio_ids)s::integer[] IS NULL OR a.portfolio_id = ANY (%(portfolio_ids)s::integer[]))
), summed AS (
    SELECT o.base_currency, p.valued_on, p.sector, sum(p.value) AS value, sum(p.moved) AS moved
      FROM part p
      JOIN portfolio o ON o.id = p.portfolio_id
     GROUP BY o.base_currency, p.valued_on, p.sector
)
-- Rates by their key: the planner expects a few rows behind a policy, and would go through a list of all
-- rates for each of them.
SELECT s.valued_on, s.sector AS "group", sum(s.value * c.rate) AS value, sum(s.moved * c.rate) AS moved
  FROM summed s
  JOIN fx_daily b ON b.currency = s.base_currency AND b.valued_on = s.valued_on
  JOIN fx_daily r ON r.currency = %(currency)s::text AND r.valued_on = s.valued_on
  CROSS JOIN LATERAL (SELECT CASE WHEN s.base_currency = r.currency THEN 1::double precision
                                  ELSE (b.usd_per_unit / r.usd_per_unit)::double precision END) AS c (rate)
 GROUP BY s.valued_on, s.sector
 ORDER BY s.valued_on, s.sector;
