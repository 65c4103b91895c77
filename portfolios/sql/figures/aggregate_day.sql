-- Purpose: sums over portfolios of any base currency in one reporting currency, each day at its own
--          fixings: in US dollars first, then divided by the currency's rate. What is in the currency
--          already comes back as it was, since its rate is the same number.
-- Grain:   one row per valuation day.
-- Readers: portfolios/figures/aggregates.py, as helio_web.

-- All that the reader may see is mostly kept as sums; without these, and for a part of it, they are
-- added up here. Most days have no flows: the few that do are read by themselves. All is joined in FULL,
-- which is hashed: the planner expects one day behind a policy, and would look up each in turn.
WITH kept AS MATERIALIZED (
    SELECT * FROM figures.perimeter_day
     WHERE %(portfolio_ids)s::integer[] IS NULL AND valued_on BETWEEN %(start)s::date AND %(until)s::date
), amount AS (
    SELECT valued_on, net_asset_value, cash_value FROM kept
    UNION ALL
    SELECT d.valued_on, sum(d.net_asset_value * d.usd_rate) AS net_asset_value, sum(d.cash_value * d.usd_rate) AS cash_value
      FROM figures.portfolio_day d
     WHERE NOT EXISTS (SELECT FROM kept) AND d.valued_on BETWEEN %(start)s::date AND %(until)s::date
       AND (%(portfolio_ids)s::integer[] IS NULL OR d.portfolio_id = ANY (%(portfolio_ids)s::integer[]))
     GROUP BY d.valued_on
), flow AS (
    SELECT valued_on, external_inflow, external_outflow, management_fee FROM kept
    UNION ALL
    SELECT d.valued_on,
           sum(d.external_inflow * d.usd_rate)  AS external_inflow,
           sum(d.external_outflow * d.usd_rate) AS external_outflow,
           sum(d.management_fee * d.usd_rate)   AS management_fee
      FROM figures.portfolio_flow d
     WHERE NOT EXISTS (SELECT FROM kept) AND d.valued_on BETWEEN %(start)s::date AND %(until)s::date
       AND (%(portfolio_ids)s::integer[] IS NULL OR d.portfolio_id = ANY (%(portfolio_ids)s::integer[]))
     GROUP BY d.valued_on
), rate AS (
    SELECT f.valued_on, f.usd_per_unit
      FROM fx_daily f
     WHERE f.currency = %(currency)s::text AND f.valued_on BETWEEN %(start)s::date AND %(until)s::date
)
SELECT valued_on,
       (a.net_asset_value / r.usd_per_unit)::numeric(30, 10)             AS net_asset_value,
       (a.cash_value / r.usd_per_unit)::numeric(30, 10)                  AS cash_value,
       coalesce(w.external_inflow / r.usd_per_unit, 0)::numeric(30, 10)  AS external_inflow,
       coalesce(w.external_outflow / r.usd_per_unit, 0)::numeric(30, 10) AS external_outflow,
       coalesce(w.management_fee / r.usd_per_unit, 0)::numeric(30, 10)   AS management_fee
  FROM amount a
  FULL JOIN flow w USING (valued_on)
  FULL JOIN rate r USING (valued_on)
 WHERE coalesce(a.net_asset_value, w.external_inflow) IS NOT NULL
   AND coalesce(r.usd_per_unit, 0) <> 0
 ORDER BY valued_on;
