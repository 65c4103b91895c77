-- Purpose: sums over portfolios of any base currency in one reporting currency, each day at its own
--          fixings; amounts that are in it already stay as they are.
-- Grain:   one row per valuation day.
-- Readers: portfolios/figures/aggregates.py, as helio_web.

WITH by_currency AS (
    SELECT d.valued_on, d.base_currency, d.usd_rate,
           sum(d.net_asset_value) AS net_asset_value, sum(d.cash_value) AS cash_value,
           sum(d.external_inflow) AS external_inflow, sum(d.external_outflow) AS external_outflow,
           sum(d.management_fee) AS management_fee
      FROM figures.portfolio_day d
     WHERE d.valued_on BETWEEN %(start)s::date AND %(until)s::date
       AND (%(portfolio_ids)s::integer[] IS NULL OR d.portfolio_id = ANY (%(portfolio_ids)s::integer[]))
     GROUP BY d.valued_on, d.base_currency, d.usd_rate
), rated AS (
    SELECT b.*, CASE WHEN b.base_currency = %(currency)s::text THEN 1
                     ELSE (b.usd_rate / f.usd_per_unit)::numeric(40, 20) END AS rate
      FROM by_currency b
      JOIN fx_daily f ON f.currency = %(currency)s::text AND f.valued_on = b.valued_on
)
SELECT valued_on,
       sum(net_asset_value * rate)::numeric(30, 10)  AS net_asset_value,
       sum(cash_value * rate)::numeric(30, 10)       AS cash_value,
       sum(external_inflow * rate)::numeric(30, 10)  AS external_inflow,
       sum(external_outflow * rate)::numeric(30, 10) AS external_outflow,
       sum(management_fee * rate)::numeric(30, 10)   AS management_fee
  FROM rated
 GROUP BY valued_on
 ORDER BY valued_on;
