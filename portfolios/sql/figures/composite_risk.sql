-- Purpose: volatility (sample deviation of daily returns × √252) and maximum drawdown (of a wealth
--          that starts at 1 before the first day) of the firm and its desks since inception, and when that was.
-- Grain:   one row per composite, the firm first.
-- Readers: portfolios/figures/firm.py, as helio_web with the role executive or auditor.

WITH composite AS (
    SELECT 0 AS desk_id, valued_on, return_net, wealth_net FROM figures.firm_day
    UNION ALL
    SELECT desk_id, valued_on, return_net, wealth_net FROM figures.desk_day
), fallen AS (
    SELECT c.*, c.wealth_net / greatest(1, max(c.wealth_net) OVER (PARTITION BY c.desk_id ORDER BY c.valued_on)) - 1 AS drawdown
      FROM composite c
     WHERE c.valued_on <= %(as_of)s::date
)
SELECT f.desk_id, d.name, min(f.valued_on) AS first_on,
       stddev_samp(coalesce(f.return_net, 0)) * sqrt(252) AS volatility,
       least(min(f.drawdown), 0)                          AS max_drawdown
  FROM fallen f
  LEFT JOIN desk d ON d.id = f.desk_id
 GROUP BY f.desk_id, d.name
 ORDER BY (f.desk_id <> 0), d.name;
