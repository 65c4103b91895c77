-- Purpose: the target weights of the firm's benchmark (the first one entered).
-- Grain:   one row per instrument: a company listed twice is one position.
-- Readers: portfolios/figures/structure.py, as helio_web.

SELECT l.instrument_id, sum(w.weight)::double precision AS weight
  FROM index_weight w
  JOIN (SELECT id FROM benchmark ORDER BY id LIMIT 1) AS b ON b.id = w.benchmark_id
  JOIN listing l ON l.id = w.listing_id
 WHERE w.known_to IS NULL
 GROUP BY l.instrument_id
 ORDER BY l.instrument_id;
