-- Purpose: the members of the firm's benchmark (the first one entered) with their weights, and the close of
--          each on every day of a period, the opening one included. Funds are "Fund".
-- Grain:   one row per member and currency of its price; without a close in the period it is one row without
--          days. Days are offsets from the first one; numbers are texts, separated by spaces.
-- Readers: portfolios/figures/index_courses.py, as helio_web.

WITH member AS MATERIALIZED (
    SELECT w.listing_id, w.weight::double precision AS weight,
           CASE WHEN i.security_type IN ('ETF', 'Fund') THEN 'Fund'
                ELSE coalesce(nullif(i.sector, ''), 'Unclassified') END AS sector
      FROM index_weight w
      JOIN (SELECT id FROM benchmark ORDER BY id LIMIT 1) AS b ON b.id = w.benchmark_id
      JOIN listing l    ON l.id = w.listing_id
      JOIN instrument i ON i.id = l.instrument_id
     WHERE w.known_to IS NULL
)
SELECT m.listing_id, m.weight, m.sector, c.currency, coalesce(c.offsets, '') AS offsets,
       coalesce(c.prices, '') AS prices
  FROM member m
  LEFT JOIN LATERAL (
        SELECT p.currency, string_agg((p.valued_on - %(start)s::date)::text, ' ') AS offsets,
               string_agg(p.price::text, ' ')                                     AS prices
          FROM price_daily p
         WHERE p.listing_id = m.listing_id AND p.valued_on BETWEEN %(start)s::date AND %(until)s::date
         GROUP BY p.currency) AS c ON true
 ORDER BY m.listing_id;
