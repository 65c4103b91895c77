-- Purpose: sums over portfolios of any base currency in one reporting currency, each day at its own
--          fixings; amounts that are in it already stay as they are.
-- Grain:   one row per valuation day.
-- Readers: portfolios/figures/aggregates.py, as helio_web.

-- A currency has one rate a day. Most days have no flows: the few that do are read by themselves.
WITH amount AS (
    SELECT d.valued_on, d.base_currency, any_value(d.usd_rate) AS usd_rate,
           sum(d.net_asset_value) AS net_asset_value, sum(d.cash_value) AS cash_value,
           NULL::numeric AS external_inflow, NULL::numeric AS external_outflow, NULL::numeric AS management_fee
      FROM figures.portfolio_day d
     WHERE d.valued_on BETWEEN %(start)s::date AND %(until)s::date
       AND (%(portfolio_ids)s::integer[] IS NULL OR d.portfolio_id = ANY (%(portfolio_ids)s::integer[]))
     GROUP BY d.valued_on, d.base_currency
    UNION ALL
    SELECT d.valued_on, d.base_currency, d.usd_rate, NULL, NULL,
           d.external_inflow, d.external_outflow, d.management_fee
      FROM figures.portfolio_flow d
     WHERE d.valued_on BETWEEN %(start)s::date AND %(until)s::date
       AND (%(portfolio_ids)s::integer[] IS NULL OR d.portfolio_id = ANY (%(portfolio_ids)s::integer[]))
), rated AS (
    SELECT a.*, CASE WHEN a.base_currency = %(currency)s::text THEN 1
                     ELSE (a.usd_rate / f.usd_per_unit)::numeric(40, 20) END AS rate
      FROM amount a
      JOIN fx_daily f ON f.currency = %(currency)s::text AND f.valued_on = a.valued_on
)
SELECT valued_on,
       sum(net_asset_value * rate)::numeric(30, 10)               AS net_asset_value,
       sum(cash_value * rate)::numeric(30, 10)                    AS cash_value,
       coalesce(sum(external_inflow * rate), 0)::numeric(30, 10)  AS external_inflow,
       coalesce(sum(external_outflow * rate), 0)::numeric(30, 10) AS external_outflow,
       coalesce(sum(management_fee * rate), 0)::numeric(30, 10)   AS management_fee
  FROM rated
 GROUP BY valued_on
 ORDER BY valued_on;
