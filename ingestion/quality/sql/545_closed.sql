-- Purpose: portfolios whose figures of a closed month are others now than when it was closed.
-- Grain:   one row per portfolio and closed month.
-- Owner:   helio_worker.  Readers: quality/results.py, which has them noted before.

SELECT 'PERIOD_RESTATED' AS code, 'helio' AS source, restated.code AS subject, period.month AS finding_day,
       format('%%s was closed for %%s at %%s %%s, return %%s; after the close it is %%s %%s, return %%s.',
              to_char(period.month, 'FMMonth YYYY'), restated.code,
              coalesce(round(restated.net_asset_value_closed, 2)::text, 'no value'), restated.base_currency,
              coalesce(round(restated.return_net_closed::numeric * 100, 4) || ' %%', 'none'),
              coalesce(round(restated.net_asset_value_now, 2)::text, 'no value'), restated.base_currency,
              coalesce(round(restated.return_net_now::numeric * 100, 4) || ' %%', 'none')) AS sentence,
       jsonb_build_object('numbers', jsonb_build_object(
                              'closed in version', period.version_number, 'restated in version', restated.version_number,
                              'cause', restated.cause, 'batches', restated.batch_ids,
                              'difference', round(restated.net_asset_value_now - restated.net_asset_value_closed, 2)),
                          'rows', '[]'::jsonb) AS evidence,
       restated.portfolio_id, NULL::integer AS listing_id, NULL::timestamptz AS known_from, '' AS closed_because
  FROM public.closed_restatement AS restated
  JOIN public.period_close AS period ON period.id = restated.close_id AND period.state = 'closed'
