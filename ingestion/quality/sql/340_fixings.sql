-- Purpose: fixings that are missing while another pair was fixed or portfolios are valued, and
--          fixings that were restated.
-- Grain:   one row per pair, day and trouble. A pair concerns who holds its non-pivot currency.
-- Owner:   helio_worker.  Readers: quality/prices.py.

WITH pair AS (
    SELECT base_currency, quote_currency, base_currency || quote_currency AS name,
           CASE WHEN base_currency = %(pivot)s THEN quote_currency ELSE base_currency END AS currency,
           min(fixed_on) AS first_on, max(fixed_on) AS last_on
      FROM public.fx_fixing
     GROUP BY base_currency, quote_currency
), due AS (
    SELECT valued_on AS day FROM public.valuation_day
    UNION
    SELECT fixed_on FROM public.fx_fixing
), missing AS (
    SELECT pair.*, due.day
      FROM pair
      JOIN due ON due.day BETWEEN pair.first_on AND pair.last_on
     WHERE NOT EXISTS (SELECT FROM public.fx_fixing AS fixing
                        WHERE fixing.base_currency = pair.base_currency
                          AND fixing.quote_currency = pair.quote_currency
                          AND fixing.fixed_on = due.day)
), version AS (
    SELECT fixing.*,
           lag(rate) OVER versions AS rate_before,
           lead(fixing.id) OVER versions IS NULL AND fixing.known_to IS NULL AS is_last
      FROM public.fx_fixing AS fixing
      LEFT JOIN public.source_file ON source_file.id = fixing.file_id
     WHERE fixing.copy_of IS NULL
    -- another source's word is no restatement
    WINDOW versions AS (PARTITION BY base_currency, quote_currency, fixed_on, source_file.source_id
                        ORDER BY fixing.known_from, fixing.id)
), spoken AS (
    SELECT 'FX_MISSING' AS code, missing.name, missing.currency, missing.day,
           format('No fixing of %%s on %%s: that of %%s is carried.', missing.name, missing.day, before.fixed_on) AS sentence,
           jsonb_build_object('carried', trim_scale(before.rate), 'of', before.fixed_on) AS numbers,
           before.id, before.file_id, before.line_no, NULL::timestamptz AS known_from,
           (SELECT format('Fixed again on %%s.', min(later.fixed_on)) FROM public.fx_fixing AS later
             WHERE later.base_currency = missing.base_currency
               AND later.quote_currency = missing.quote_currency
               AND later.fixed_on > missing.day) AS closed_because
      FROM missing
     CROSS JOIN LATERAL (
           SELECT * FROM public.fx_fixing AS fixing
            WHERE fixing.base_currency = missing.base_currency
              AND fixing.quote_currency = missing.quote_currency AND fixing.fixed_on < missing.day
            ORDER BY fixing.fixed_on DESC, fixing.known_from DESC LIMIT 1) AS before
    UNION ALL
    SELECT 'FX_RESTATED', pair.name, pair.currency, version.fixed_on,
           format('The fixing of %%s of %%s was restated from %%s to %%s.', pair.name, version.fixed_on,
                  trim_scale(version.rate_before), trim_scale(version.rate)),
           jsonb_build_object('before', trim_scale(version.rate_before), 'after', trim_scale(version.rate)),
           version.id, version.file_id, version.line_no, version.known_from, ''
      FROM version
      JOIN pair ON pair.base_currency = version.base_currency AND pair.quote_currency = version.quote_currency
     WHERE version.is_last AND version.rate_before <> version.rate
)
SELECT spoken.code, 'vendor' AS source, spoken.name AS subject, spoken.day AS finding_day, spoken.sentence,
       jsonb_build_object('numbers', spoken.numbers, 'rows', jsonb_build_array(jsonb_build_object(
           'fact', 'fx_fixing', 'id', spoken.id, 'file', spoken.file_id, 'line', spoken.line_no))) AS evidence,
       NULL::integer AS portfolio_id, cash.id AS listing_id, spoken.known_from,
       coalesce(spoken.closed_because, '') AS closed_because
  FROM spoken
  LEFT JOIN public.listing AS cash ON cash.key = 'CASH:' || spoken.currency
