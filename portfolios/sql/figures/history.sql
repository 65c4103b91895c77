-- Purpose: a portfolio's days since inception, with its benchmark.
-- Grain:   one row of packed columns (portfolios/packed.py), in the order of the days up to an as-of;
--          columns without any value are null.
-- Readers: portfolios/figures/history.py, as helio_web.

-- Most days have no flow: those that have one are named. Portfolio and benchmark are read apart,
-- since joining them day by day took as long as reading both.
WITH told AS (
    SELECT string_agg(date_send(valued_on), '' ORDER BY valued_on)                              AS days,
           string_agg(float8send(coalesce(return_net, 'NaN')), '' ORDER BY valued_on)           AS return_net,
           string_agg(float8send(coalesce(return_net_eod, 'NaN')), '' ORDER BY valued_on)       AS return_net_eod,
           string_agg(float8send(coalesce(return_net_sod, 'NaN')), '' ORDER BY valued_on)       AS return_net_sod,
           string_agg(float8send(wealth_net), '' ORDER BY valued_on)                            AS wealth_net,
           string_agg(float8send(wealth_gross), '' ORDER BY valued_on)                          AS wealth_gross,
           string_agg(net_asset_value::text, ' ' ORDER BY valued_on)                            AS net_asset_value,
           array_agg(valued_on ORDER BY valued_on) FILTER (WHERE external_inflow <> external_outflow) AS flow_days,
           array_agg(external_inflow - external_outflow ORDER BY valued_on)
               FILTER (WHERE external_inflow <> external_outflow)                               AS net_flow
      FROM figures.portfolio_day
     WHERE portfolio_id = %(portfolio_id)s::integer AND valued_on <= %(as_of)s::date
), benchmark AS (
    SELECT string_agg(date_send(valued_on), '' ORDER BY valued_on)                              AS benchmark_days,
           string_agg(float8send(coalesce(benchmark_return, 'NaN')), '' ORDER BY valued_on)     AS benchmark_return,
           string_agg(float8send(coalesce(benchmark_wealth, 'NaN')), '' ORDER BY valued_on)     AS benchmark_wealth
      FROM figures.benchmark_day
     WHERE portfolio_id = %(portfolio_id)s::integer AND valued_on <= %(as_of)s::date
)
SELECT * FROM told CROSS JOIN benchmark;
