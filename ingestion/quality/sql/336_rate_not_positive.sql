-- Purpose: fixings of zero or less: no rate, so the last good one is carried, or there is none.
-- Grain:   one row per pair and day.
-- Owner:   helio_worker.  Readers: quality/prices.py.

SELECT 'FX_NOT_POSITIVE' AS code, coalesce(source.name, 'vendor') AS source,
       fixing.base_currency || fixing.quote_currency AS subject, fixing.fixed_on AS finding_day,
       format('The fixing of %%s%%s of %%s is %%s: it is no rate, and the one before it is carried.', fixing.base_currency,
              fixing.quote_currency, fixing.fixed_on, trim_scale(fixing.rate)) AS sentence,
       jsonb_build_object(
           'numbers', jsonb_build_object('rate', trim_scale(fixing.rate)),
           'rows', jsonb_build_array(jsonb_build_object(
               'fact', 'fx_fixing', 'id', fixing.id, 'file', fixing.file_id, 'line', fixing.line_no))) AS evidence,
       NULL::integer AS portfolio_id, cash.id AS listing_id, fixing.known_from, '' AS closed_because
  FROM public.fx_fixing AS fixing
  LEFT JOIN public.source_file ON source_file.id = fixing.file_id
  LEFT JOIN public.source      ON source.id = source_file.source_id
  LEFT JOIN public.listing AS cash ON cash.key = 'CASH:' || CASE WHEN fixing.base_currency = %(pivot)s
                                                                 THEN fixing.quote_currency ELSE fixing.base_currency END
 WHERE fixing.rate <= 0 AND fixing.known_to IS NULL
