-- Purpose: splits and dividends of the members of the firm's benchmark in a period. One between valuation
--          days takes effect on the next one.
-- Grain:   one row per corporate action; the offset of its valuation day is in days since the first one.
-- Readers: portfolios/figures/index_courses.py, as helio_web.

SELECT c.listing_id, d.valued_on - %(start)s::date AS offset_days, c.kind,
       -- What one unit becomes, or is paid; terms that make no amount leave the day without a return.
       CASE WHEN c.kind = 'split'
            THEN (c.terms ->> 'new')::double precision / nullif((c.terms ->> 'old')::double precision, 0)
            ELSE (c.terms ->> 'per_unit')::double precision END AS amount,
       c.terms ->> 'currency' AS currency
  FROM (SELECT id FROM benchmark ORDER BY id LIMIT 1) AS b
  JOIN index_weight w     ON w.benchmark_id = b.id AND w.known_to IS NULL
  JOIN corporate_action c ON c.listing_id = w.listing_id AND c.kind IN ('split', 'dividend') AND c.known_to IS NULL
                         AND c.effective_on BETWEEN %(start)s::date AND %(until)s::date
  JOIN LATERAL (SELECT v.valued_on FROM valuation_day v
                 WHERE v.valued_on >= c.effective_on ORDER BY v.valued_on LIMIT 1) AS d ON true
 WHERE d.valued_on <= %(until)s::date
 ORDER BY c.listing_id, offset_days, c.kind;
