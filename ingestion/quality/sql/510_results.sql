-- Purpose: the published days against the positions behind them: the bridge of net asset value
--          closes, contributions sum to the return, and the return lies within its holdings'.
-- Grain:   one row per portfolio, valuation day and trouble.
-- Owner:   helio_worker.  Readers: quality/results.py.
--
-- BRIDGE_OPEN          NAV is not the sum of its positions, or V0 + IN − OUT + P&L, or V0 is not the
--                      value of the day before.
-- CONTRIBUTION_GAP     Σ over holdings of (value − value before + cash of trades + dividends), with cash
--                      and flows as the rest, over V0 + IN, is not the day's return.
-- RETURN_OUT_OF_RANGE  on a day on which no holding changed, the return lies outside those of the holdings.

WITH published AS (
    SELECT portfolio_id, valued_on, opening_value, net_asset_value, external_inflow, external_outflow,
           day_pnl, return_net
      FROM rollup.portfolio_day
     WHERE valued_on >= %(results_eve)s
       AND (%(everything)s OR portfolio_id = ANY (%(valued)s::integer[]))
), chained AS (
    SELECT published.*, lag(net_asset_value) OVER (PARTITION BY portfolio_id ORDER BY valued_on) AS value_before
      FROM published
), held AS (
    SELECT position_daily.portfolio_id, position_daily.listing_id, day.place, day.valued_on,
           position_daily.units, coalesce(position_daily.base_value, 0) AS value
      FROM rollup.position_daily
      JOIN (SELECT valued_on, row_number() OVER (ORDER BY valued_on) AS place
              FROM public.valuation_day WHERE valued_on >= %(results_eve)s) AS day
        ON day.valued_on = position_daily.valued_on
     WHERE position_daily.valued_on >= %(results_eve)s
       AND (%(everything)s OR position_daily.portfolio_id = ANY (%(valued)s::integer[]))
), moved AS (
    SELECT portfolio_id, valued_on, value,
           CASE WHEN lag(place) OVER along = place - 1 THEN lag(value) OVER along END AS value_before,
           lag(place) OVER along = place - 1 AND lag(units) OVER along = units       AS same_units,
           coalesce(lead(place) OVER along = place + 1, false)                       AS goes_on,
           place
      FROM held
    WINDOW along AS (PARTITION BY portfolio_id, listing_id ORDER BY place)
), summed AS (
    SELECT portfolio_id, valued_on, place,
           sum(value)                                         AS value,
           count(*)                                           AS holdings,
           count(*) FILTER (WHERE goes_on)                    AS going_on,
           bool_and(coalesce(same_units, false) AND value_before >= 0) AS quiet,
           min((value / nullif(value_before, 0) - 1)::double precision) AS lowest,
           max((value / nullif(value_before, 0) - 1)::double precision) AS highest
      FROM moved
     GROUP BY portfolio_id, valued_on, place
), paired AS (
    SELECT summed.*,
           CASE WHEN lag(place) OVER along = place - 1 THEN lag(value) OVER along END AS value_of_day_before,
           lag(holdings) OVER along = lag(going_on) OVER along AS all_came_along
      FROM summed
    WINDOW along AS (PARTITION BY portfolio_id ORDER BY place)
), judged AS (
    SELECT chained.*, paired.value AS positions_value, paired.lowest, paired.highest,
           coalesce(paired.quiet AND paired.all_came_along, false) AS quiet,
           ((coalesce(paired.value, 0) + chained.external_outflow)
               / nullif(coalesce(paired.value_of_day_before, 0) + chained.external_inflow, 0) - 1)::double precision AS summed_return,
           -- the first day of the stretch has no predecessor to compare with
           chained.value_before IS NOT NULL OR chained.opening_value = 0 AS comparable
      FROM chained
      LEFT JOIN paired ON paired.portfolio_id = chained.portfolio_id AND paired.valued_on = chained.valued_on
), spoken AS (
    SELECT 'BRIDGE_OPEN' AS code, judged.*,
           CASE WHEN abs(net_asset_value - coalesce(positions_value, 0)) > %(tolerance)s
                    THEN format('Net asset value %%s is not the sum %%s of its positions.',
                                round(net_asset_value, 2), round(coalesce(positions_value, 0), 2))
                WHEN abs(net_asset_value - opening_value - external_inflow + external_outflow - day_pnl) > %(tolerance)s
                    THEN format('Opening value, flows and profit come to %%s, not to the net asset value %%s.',
                                round(opening_value + external_inflow - external_outflow + day_pnl, 2), round(net_asset_value, 2))
                ELSE format('The opening value %%s is not the value %%s of the day before.',
                            round(opening_value, 2), round(value_before, 2)) END AS sentence
      FROM judged
     WHERE abs(net_asset_value - coalesce(positions_value, 0)) > %(tolerance)s
        OR abs(net_asset_value - opening_value - external_inflow + external_outflow - day_pnl) > %(tolerance)s
        OR abs(opening_value - value_before) > %(tolerance)s
    UNION ALL
    SELECT 'CONTRIBUTION_GAP', judged.*,
           format('The contributions sum to %%s %%%%, the return is %%s %%%%.',
                  round((summed_return * 100)::numeric, 6), round((return_net * 100)::numeric, 6))
      FROM judged
     WHERE comparable AND abs(summed_return - return_net) > %(share_tolerance)s
    UNION ALL
    SELECT 'RETURN_OUT_OF_RANGE', judged.*,
           format('The return %%s %%%% lies outside the range %%s to %%s %%%% of the holdings, and none of them changed.',
                  round((return_net * 100)::numeric, 6), round((lowest * 100)::numeric, 6), round((highest * 100)::numeric, 6))
      FROM judged
     WHERE quiet AND (return_net < lowest - %(share_tolerance)s OR return_net > highest + %(share_tolerance)s)
)
SELECT spoken.code, 'helio' AS source, portfolio.code AS subject, spoken.valued_on AS finding_day, spoken.sentence,
       jsonb_build_object(
           'numbers', jsonb_build_object(
               'net asset value', round(net_asset_value, 2), 'positions', round(positions_value, 2),
               'opening value', round(opening_value, 2), 'value before', round(value_before, 2),
               'inflow', round(external_inflow, 2), 'outflow', round(external_outflow, 2),
               'P&L', round(day_pnl, 2), 'return', return_net, 'sum of contributions', summed_return,
               'lowest holding', lowest, 'highest holding', highest),
           'rows', '[]'::jsonb) AS evidence,
       spoken.portfolio_id, NULL::integer AS listing_id, NULL::timestamptz AS known_from, '' AS closed_because
  FROM spoken
  JOIN public.portfolio ON portfolio.id = spoken.portfolio_id
 -- The eve is only there to compare with.
 WHERE spoken.valued_on >= %(results_from)s
