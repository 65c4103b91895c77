-- Purpose: from the opening to the closing value of a period: flows and the booked parts of profit,
--          in one currency, each day at its own fixings. Translation is what the change of a
--          portfolio's base currency did to its opening value of each day.
-- Grain:   one row.
-- Readers: portfolios/figures/bridge.py, as helio_web.

WITH lived AS (
    SELECT d.portfolio_id, d.valued_on, d.opening_value, d.net_asset_value, d.external_inflow,
           d.external_outflow, d.management_fee, d.safekeeping_fee, d.dividend_income,
           d.average_realised - coalesce(lag(d.average_realised) OVER life, 0)     AS average_realised,
           d.fifo_realised - coalesce(lag(d.fifo_realised) OVER life, 0)           AS fifo_realised,
           d.average_unrealised - coalesce(lag(d.average_unrealised) OVER life, 0) AS average_unrealised,
           d.fifo_unrealised - coalesce(lag(d.fifo_unrealised) OVER life, 0)       AS fifo_unrealised,
           CASE WHEN d.base_currency = %(currency)s::text THEN 1 ELSE d.usd_rate / r.usd_per_unit END AS rate,
           CASE WHEN d.base_currency = %(currency)s::text THEN 1
                ELSE d.opening_usd_rate / e.usd_per_unit END                       AS opening_rate
      FROM figures.portfolio_day d
      JOIN valuation_day v ON v.valued_on = d.valued_on
      JOIN fx_daily r      ON r.currency = %(currency)s::text AND r.valued_on = d.valued_on
      LEFT JOIN fx_daily e ON e.currency = %(currency)s::text AND e.valued_on = v.previous_on
     WHERE d.valued_on BETWEEN %(start)s::date AND %(until)s::date
       AND (%(portfolio_ids)s::integer[] IS NULL OR d.portfolio_id = ANY (%(portfolio_ids)s::integer[]))
    WINDOW life AS (PARTITION BY d.portfolio_id ORDER BY d.valued_on)
)
SELECT coalesce(sum(net_asset_value * rate) FILTER (WHERE valued_on = %(start)s::date), 0)::numeric(30, 10) AS opening_value,
       coalesce(sum(net_asset_value * rate) FILTER (WHERE valued_on = %(until)s::date), 0)::numeric(30, 10) AS closing_value,
       coalesce(sum(external_inflow * rate) FILTER (WHERE inside), 0)::numeric(30, 10)    AS inflow,
       coalesce(sum(external_outflow * rate) FILTER (WHERE inside), 0)::numeric(30, 10)   AS outflow,
       coalesce(sum(average_realised * rate) FILTER (WHERE inside), 0)::numeric(30, 10)   AS average_realised,
       coalesce(sum(average_unrealised * rate) FILTER (WHERE inside), 0)::numeric(30, 10) AS average_unrealised,
       coalesce(sum(fifo_realised * rate) FILTER (WHERE inside), 0)::numeric(30, 10)      AS fifo_realised,
       coalesce(sum(fifo_unrealised * rate) FILTER (WHERE inside), 0)::numeric(30, 10)    AS fifo_unrealised,
       coalesce(sum(dividend_income * rate) FILTER (WHERE inside), 0)::numeric(30, 10)    AS dividend_income,
       coalesce(sum(management_fee * rate) FILTER (WHERE inside), 0)::numeric(30, 10)     AS management_fee,
       coalesce(sum(safekeeping_fee * rate) FILTER (WHERE inside), 0)::numeric(30, 10)    AS safekeeping_fee,
       coalesce(sum(opening_value * (rate - opening_rate)) FILTER (WHERE inside AND opening_value <> 0), 0)::numeric(30, 10) AS translation
  FROM (SELECT l.*, l.valued_on > %(start)s::date AS inside FROM lived l) AS lived;
