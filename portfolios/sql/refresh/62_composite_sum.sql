-- Purpose: what the firm and its desks amount to in US dollars, on the days on which a portfolio's
--          amounts changed; only what differs is written.
-- Grain:   rollup.composite_sum: one row per desk and valuation day; desk_id 0 is the whole firm.

INSERT INTO changed_amount
SELECT d.valued_on FROM valuation_day d JOIN taken t ON t.everything AND d.valued_on >= t.from_on;

ANALYZE changed_amount;

-- The firm is what its desks are.
CREATE TEMPORARY TABLE fresh_sum ON COMMIT DROP AS
WITH desk AS (
    SELECT o.desk_id, p.valued_on,
           -- Without a rate before the first day there was nothing to convert either.
           sum(p.opening_value * coalesce(p.opening_usd_rate, 0)) AS opening_value,
           sum(p.net_asset_value * p.usd_rate)                    AS net_asset_value,
           sum(p.external_inflow * p.usd_rate)                    AS external_inflow,
           sum(p.external_outflow * p.usd_rate)                   AS external_outflow,
           count(*)                                               AS portfolio_count
      FROM (SELECT DISTINCT valued_on FROM changed_amount) AS c
      JOIN rollup.portfolio_day p ON p.valued_on = c.valued_on
      JOIN portfolio o            ON o.id = p.portfolio_id
     GROUP BY o.desk_id, p.valued_on
)
SELECT * FROM desk
UNION ALL
SELECT 0, valued_on, sum(opening_value), sum(net_asset_value), sum(external_inflow), sum(external_outflow),
       sum(portfolio_count)::bigint
  FROM desk
 GROUP BY valued_on;

DELETE FROM rollup.composite_sum s
 WHERE s.valued_on IN (SELECT valued_on FROM changed_amount)
   AND NOT EXISTS (SELECT FROM fresh_sum f WHERE f.desk_id = s.desk_id AND f.valued_on = s.valued_on);

INSERT INTO rollup.composite_sum AS s (
       desk_id, valued_on, opening_value, net_asset_value, external_inflow, external_outflow, portfolio_count)
SELECT desk_id, valued_on, opening_value, net_asset_value, external_inflow, external_outflow, portfolio_count
  FROM fresh_sum
    ON CONFLICT (desk_id, valued_on) DO UPDATE
       SET opening_value = excluded.opening_value, net_asset_value = excluded.net_asset_value,
           external_inflow = excluded.external_inflow, external_outflow = excluded.external_outflow,
           portfolio_count = excluded.portfolio_count
     WHERE (s.opening_value, s.net_asset_value, s.external_inflow, s.external_outflow, s.portfolio_count)
        IS DISTINCT FROM (excluded.opening_value, excluded.net_asset_value, excluded.external_inflow,
                          excluded.external_outflow, excluded.portfolio_count);
