-- Purpose: exposures that do not sum to the whole: shares to 100 %%, values to the net asset value.
-- Grain:   one row per portfolio, valuation day and breakdown.
-- Owner:   helio_worker.  Readers: quality/results.py.

WITH exposure AS (
    SELECT portfolio_id, valued_on, breakdown, sum(value_base) AS value, sum(share_of_nav) AS share
      FROM rollup.exposure_day
     WHERE valued_on >= %(results_from)s
       AND (%(everything)s OR portfolio_id = ANY (%(valued)s::integer[]))
     GROUP BY portfolio_id, valued_on, breakdown
), whole AS (
    SELECT portfolio_id, valued_on, net_asset_value FROM rollup.portfolio_day WHERE valued_on >= %(results_from)s
)
SELECT 'EXPOSURE_GAP' AS code, 'helio' AS source, portfolio.code || ' ' || exposure.breakdown AS subject,
       exposure.valued_on AS finding_day,
       format('By %%s the exposures sum to %%s %%%% or %%s, the net asset value is %%s.', exposure.breakdown,
              round((exposure.share * 100)::numeric, 6), round(exposure.value, 2), round(whole.net_asset_value, 2)) AS sentence,
       jsonb_build_object('numbers', jsonb_build_object('share', exposure.share, 'value', round(exposure.value, 2),
                                                        'net asset value', round(whole.net_asset_value, 2)),
                          'rows', '[]'::jsonb) AS evidence,
       exposure.portfolio_id, NULL::integer AS listing_id, NULL::timestamptz AS known_from, '' AS closed_because
  FROM exposure
  JOIN whole ON whole.portfolio_id = exposure.portfolio_id AND whole.valued_on = exposure.valued_on
  JOIN public.portfolio ON portfolio.id = exposure.portfolio_id
 WHERE abs(exposure.value - whole.net_asset_value) > %(tolerance)s
    OR abs(exposure.share - 1) > %(share_tolerance)s
