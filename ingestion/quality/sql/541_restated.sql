-- Purpose: month ends whose value is another one now than when it was first shown.
-- Grain:   one row per portfolio and month end.
-- Owner:   helio_worker.  Readers: quality/results.py.

SELECT 'FIGURE_RESTATED' AS code, 'helio' AS source, portfolio.code AS subject, published.valued_on AS finding_day,
       format('The net asset value of %%s was %%s when it was first shown and is %%s now.', published.valued_on,
              round(published.net_asset_value, 2), coalesce(round(now.net_asset_value, 2)::text, 'none')) AS sentence,
       jsonb_build_object('numbers', jsonb_build_object(
                              'first shown', round(published.net_asset_value, 2), 'in version', published.version,
                              'now', round(now.net_asset_value, 2),
                              'difference', round(now.net_asset_value - published.net_asset_value, 2)),
                          'rows', '[]'::jsonb) AS evidence,
       published.portfolio_id, NULL::integer AS listing_id, NULL::timestamptz AS known_from, '' AS closed_because
  FROM public.published_figure AS published
  JOIN public.portfolio ON portfolio.id = published.portfolio_id
  LEFT JOIN rollup.portfolio_day AS now
    ON now.portfolio_id = published.portfolio_id AND now.valued_on = published.valued_on
 WHERE (%(everything)s OR published.portfolio_id = ANY (%(valued)s::integer[]))
   AND (now.net_asset_value IS NULL OR abs(now.net_asset_value - published.net_asset_value) > %(tolerance)s)
