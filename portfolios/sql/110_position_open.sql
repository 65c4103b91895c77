-- Purpose: the positions of the newest two valuation days, multiplied: nearly everybody reads these,
--          and a day to compare with. Older days are multiplied when they are read.
-- Grain:   position_open: one row per portfolio, listing held and one of the two days.
--          position_served: the same of every valuation day.
-- Owner:   helio_rollup.  Readers: figures.position_daily (helio_gate), rollup.exposure_day.
--
-- Refreshed in each cycle, in the transaction that inserts the version. It holds no reference data,
-- so that nothing else makes it stale.

-- Two days told by a limit: with a bound the planner expects a third of all there are.
CREATE MATERIALIZED VIEW rollup.position_open AS
SELECT * FROM rollup.position_daily
 WHERE valued_on IN (SELECT valued_on FROM valuation_day ORDER BY valued_on DESC LIMIT 2);

CREATE UNIQUE INDEX position_open_key ON rollup.position_open (portfolio_id, valued_on, listing_id);

CREATE VIEW rollup.position_served AS
SELECT * FROM rollup.position_open
UNION ALL
SELECT * FROM rollup.position_daily
 WHERE valued_on < (SELECT min(valued_on)
                      FROM (SELECT valued_on FROM valuation_day ORDER BY valued_on DESC LIMIT 2) AS newest);

CREATE OR REPLACE VIEW rollup.exposure_day AS
WITH bucketed AS NOT MATERIALIZED (
    SELECT p.portfolio_id, p.valued_on, b.breakdown, b.bucket, sum(p.base_value) AS value_base
      FROM rollup.position_served p
      JOIN listing l    ON l.id = p.listing_id
      JOIN instrument i ON i.id = l.instrument_id
      CROSS JOIN LATERAL (VALUES
            ('currency',      p.price_currency::text),
            ('sector',        CASE WHEN p.average_cost IS NULL THEN 'Cash'
                                   WHEN i.security_type IN ('ETF', 'Fund') THEN 'Fund'
                                   ELSE coalesce(nullif(i.sector, ''), 'Unclassified') END),
            ('security_type', CASE WHEN p.average_cost IS NULL THEN 'Cash'
                                   ELSE coalesce(nullif(i.security_type, ''), 'Unclassified') END),
            ('domicile',      CASE WHEN p.average_cost IS NULL THEN 'Cash'
                                   ELSE coalesce(nullif(i.domicile, ''), 'Unclassified') END)
           ) AS b (breakdown, bucket)
     WHERE p.base_value IS NOT NULL
     GROUP BY p.portfolio_id, p.valued_on, b.breakdown, b.bucket
)
SELECT portfolio_id, valued_on, breakdown, bucket, value_base,
       (value_base / nullif(sum(value_base) OVER (PARTITION BY portfolio_id, valued_on, breakdown), 0))::double precision
           AS share_of_nav
  FROM bucketed;

GRANT SELECT ON rollup.position_open, rollup.position_served TO helio_gate, helio_worker, helio_audit;
GRANT MAINTAIN ON rollup.position_open TO helio_worker;
