-- Purpose: the newest net asset value of each portfolio, out of its positions.
-- Grain:   one row per portfolio that was ever valued.
-- Owner:   helio_worker, in a rehearsal.

WITH newest AS (
    SELECT portfolio_id, coalesce(last_on, (SELECT max(valued_on) FROM valuation_day)) AS valued_on
      FROM portfolio_life
)
SELECT newest.portfolio_id,
       portfolio.code,
       portfolio.base_currency AS currency,
       newest.valued_on,
       coalesce(sum(position_daily.base_value), 0) AS value
  FROM newest
  JOIN portfolio ON portfolio.id = newest.portfolio_id
  LEFT JOIN rollup.position_daily ON position_daily.portfolio_id = newest.portfolio_id
                          AND position_daily.valued_on = newest.valued_on
 GROUP BY 1, 2, 3, 4;
