-- Purpose: the days of the portfolios at work, from the first that may differ on (portfolio_days in
--          117_portfolio_days.sql); only what differs is written, and changed_amount says on which
--          days amounts became others.
-- Grain:   rollup.portfolio_day: one row per portfolio and valuation day of its life.

-- The one place where all positions are multiplied: portfolio by portfolio, so that the sums of one
-- fit into memory, and two processes can share them (58_shared).
CREATE TEMPORARY TABLE fresh_day ON COMMIT DROP AS
SELECT d.*
  FROM portfolio o
  JOIN unnest(%(portfolio_ids)s::integer[], %(from_ons)s::date[]) AS w (portfolio_id, from_on) ON w.portfolio_id = o.id
  CROSS JOIN LATERAL rollup.portfolio_days(o.id, o.base_currency, w.from_on) AS d;

-- Looked up portfolio by portfolio, as everything here.
CREATE TEMPORARY TABLE kept_day ON COMMIT DROP AS
SELECT k.*
  FROM work_day w
  CROSS JOIN LATERAL (
        SELECT * FROM rollup.portfolio_day p
         WHERE p.portfolio_id = w.portfolio_id AND p.valued_on >= w.from_on
        OFFSET 0) AS k;

ANALYZE fresh_day (portfolio_id, valued_on), kept_day (portfolio_id, valued_on);

WITH gone AS (
    DELETE FROM rollup.portfolio_day p
     USING (SELECT k.portfolio_id, k.valued_on FROM kept_day k
             WHERE NOT EXISTS (SELECT FROM fresh_day f
                                WHERE f.portfolio_id = k.portfolio_id AND f.valued_on = k.valued_on)) AS k
     WHERE p.portfolio_id = k.portfolio_id AND p.valued_on = k.valued_on
    RETURNING p.valued_on
)
INSERT INTO changed_amount SELECT DISTINCT valued_on FROM gone;

-- Composites are made of amounts in US dollars: where only what accumulates differs, they stand.
INSERT INTO changed_amount
SELECT DISTINCT f.valued_on
  FROM fresh_day f
  LEFT JOIN kept_day p ON p.portfolio_id = f.portfolio_id AND p.valued_on = f.valued_on
 WHERE (p.opening_value, p.net_asset_value, p.external_inflow, p.external_outflow, p.usd_rate, p.opening_usd_rate)
    IS DISTINCT FROM
       (f.opening_value, f.net_asset_value, f.external_inflow, f.external_outflow, f.usd_rate, f.opening_usd_rate)
    OR p.portfolio_id IS NULL;

DELETE FROM fresh_day f USING kept_day k
 WHERE k.portfolio_id = f.portfolio_id AND k.valued_on = f.valued_on AND ROW(k.*) IS NOT DISTINCT FROM ROW(f.*);

ANALYZE fresh_day (portfolio_id, valued_on);

DELETE FROM rollup.portfolio_day p USING fresh_day f
 WHERE p.portfolio_id = f.portfolio_id AND p.valued_on = f.valued_on;

-- In the order of the key: three of its indexes grow at one place, not all over.
INSERT INTO rollup.portfolio_day SELECT * FROM fresh_day ORDER BY portfolio_id, valued_on;
