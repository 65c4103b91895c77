-- Purpose: how many portfolios of the perimeter each of some versions changed.
-- Grain:   one row per version that changed any.
-- Readers: portfolios/figures/versions.py, as helio_web.

SELECT number, count(*) AS portfolios
  FROM figures.version_portfolio
 WHERE number = ANY (%(numbers)s::integer[])
 GROUP BY number;
