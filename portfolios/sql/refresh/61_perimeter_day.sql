-- Purpose: the sums of the perimeters in use, from the first day on which one of their portfolios may
--          differ; of a perimeter that is new, all of its days.
-- Grain:   rollup.perimeter_day: one row per perimeter and valuation day on which one of them lives.

CREATE TEMPORARY TABLE perimeter_in_use ON COMMIT DROP AS
SELECT portfolio_ids
  FROM security.perimeters_in_use(statement_timestamp() - %(unseen)s::interval, %(at_most)s::integer) AS seen (portfolio_ids);

DELETE FROM rollup.perimeter p
 WHERE NOT EXISTS (SELECT FROM perimeter_in_use u WHERE u.portfolio_ids = p.portfolio_ids);

CREATE TEMPORARY TABLE work_perimeter ON COMMIT DROP AS
SELECT p.id, p.portfolio_ids, (SELECT min(w.from_on) FROM work_day w WHERE w.portfolio_id = ANY (p.portfolio_ids)) AS from_on
  FROM rollup.perimeter p;

WITH new AS (
    INSERT INTO rollup.perimeter (portfolio_ids)
    SELECT u.portfolio_ids FROM perimeter_in_use u
     WHERE NOT EXISTS (SELECT FROM rollup.perimeter p WHERE p.portfolio_ids = u.portfolio_ids)
    RETURNING id, portfolio_ids
)
INSERT INTO work_perimeter SELECT id, portfolio_ids, '-infinity' FROM new;

DELETE FROM rollup.perimeter_day d USING work_perimeter w
 WHERE d.perimeter_id = w.id AND d.valued_on >= w.from_on;

INSERT INTO rollup.perimeter_day (
       perimeter_id, valued_on, net_asset_value, cash_value, external_inflow, external_outflow, management_fee)
SELECT w.id, s.*
  FROM work_perimeter w
  CROSS JOIN LATERAL (
        SELECT d.valued_on, sum(d.net_asset_value * d.usd_rate) AS net_asset_value, sum(d.cash_value * d.usd_rate),
               sum(d.external_inflow * d.usd_rate), sum(d.external_outflow * d.usd_rate), sum(d.management_fee * d.usd_rate)
          FROM rollup.portfolio_day d
         WHERE d.portfolio_id = ANY (w.portfolio_ids) AND d.valued_on >= w.from_on
         GROUP BY d.valued_on) AS s
 WHERE w.from_on IS NOT NULL;
