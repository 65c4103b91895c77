-- Purpose: the firm's benchmark in a reporting currency: last level on or before each valuation day.
-- Grain:   one row per valuation day, and the eve of the first.
-- Readers: portfolios/figures/aggregates.py, as helio_web.

SELECT d.valued_on, v.level * i.usd_per_unit / r.usd_per_unit AS value
  FROM (SELECT valued_on FROM valuation_day UNION SELECT min(previous_on) FROM valuation_day) AS d
  CROSS JOIN (SELECT id, currency FROM benchmark ORDER BY id LIMIT 1) AS b
  JOIN fx_daily i ON i.currency = b.currency AND i.valued_on = d.valued_on
  JOIN fx_daily r ON r.currency = %(currency)s::text AND r.valued_on = d.valued_on
  JOIN LATERAL (SELECT l.level FROM index_level l
                 WHERE l.benchmark_id = b.id AND l.level_on <= d.valued_on AND l.known_to IS NULL
                 ORDER BY l.level_on DESC LIMIT 1) AS v ON true
 WHERE d.valued_on BETWEEN %(start)s::date AND %(until)s::date
 ORDER BY d.valued_on;
