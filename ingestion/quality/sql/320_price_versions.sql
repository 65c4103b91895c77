-- Purpose: prices that were restated, a unit unlike the one before, and prices that start late.
-- Grain:   one row per listing, day and trouble.
-- Owner:   helio_worker.  Readers: quality/prices.py.

WITH looked_at AS (
    SELECT price.id, price.listing_id, price.priced_on, price.price, price.unit, price.file_id, price.line_no,
           price.known_from, price.known_to, listing.key, listing.operating_mic,
           lag(price.price) OVER versions AS price_before,
           lag(price.unit)  OVER versions AS unit_before
      FROM public.price
      JOIN public.listing ON listing.id = price.listing_id
      LEFT JOIN public.source_file ON source_file.id = price.file_id
     WHERE price.priced_on >= %(prices_from)s
       AND (%(everything)s OR price.listing_id = ANY (%(listings)s::integer[]))
    -- another source's word is no restatement
    WINDOW versions AS (PARTITION BY price.listing_id, price.priced_on, source_file.source_id
                        ORDER BY price.revision, price.known_from)
), believed AS (
    SELECT looked_at.*,
           lag(unit)      OVER days AS day_before_unit,
           lag(priced_on) OVER days AS day_before
      FROM looked_at
     WHERE known_to IS NULL
    WINDOW days AS (PARTITION BY listing_id ORDER BY priced_on)
), venue AS (
    SELECT listing.operating_mic, min(first.priced_on) AS first_on
      FROM public.listing
      CROSS JOIN LATERAL (SELECT min(priced_on) AS priced_on FROM public.price WHERE price.listing_id = listing.id) AS first
     WHERE listing.operating_mic <> ''
     GROUP BY listing.operating_mic
), spoken AS (
    SELECT 'PRICE_RESTATED' AS code, id, listing_id, key, priced_on, file_id, line_no, known_from,
           format('The price of %%s of %%s was restated from %%s %%s to %%s %%s.', key, priced_on,
                  trim_scale(price_before), unit_before, trim_scale(price), unit) AS sentence,
           jsonb_build_object('before', trim_scale(price_before), 'unit before', unit_before,
                              'after', trim_scale(price), 'unit after', unit) AS numbers
      FROM looked_at
     WHERE (price_before, unit_before) IS DISTINCT FROM (price, unit) AND price_before IS NOT NULL
       -- of several restatements the one that is believed speaks
       AND known_to IS NULL
    UNION ALL
    SELECT 'PRICE_UNIT_CHANGED', id, listing_id, key, priced_on, file_id, line_no, known_from,
           format('%%s is quoted in %%s from %%s on, in %%s until %%s.', key, unit, priced_on, day_before_unit, day_before),
           jsonb_build_object('before', day_before_unit, 'after', unit, 'price', trim_scale(price))
      FROM believed
     WHERE day_before_unit <> unit
    UNION ALL
    SELECT 'PRICE_STARTS_LATE', believed.id, believed.listing_id, believed.key, believed.priced_on,
           believed.file_id, believed.line_no, believed.known_from,
           format('The first price of %%s is of %%s; its venue has prices from %%s on.',
                  believed.key, believed.priced_on, venue.first_on),
           jsonb_build_object('first price', believed.priced_on, 'first of the venue', venue.first_on)
      FROM believed
      JOIN venue ON venue.operating_mic = believed.operating_mic
     WHERE believed.day_before IS NULL AND believed.priced_on > venue.first_on
       AND NOT EXISTS (SELECT FROM public.price AS earlier
                        WHERE earlier.listing_id = believed.listing_id AND earlier.priced_on < believed.priced_on)
)
SELECT code, 'vendor' AS source, key AS subject, priced_on AS finding_day, sentence,
       jsonb_build_object('numbers', numbers, 'rows', jsonb_build_array(jsonb_build_object(
           'fact', 'price', 'id', id, 'file', file_id, 'line', line_no))) AS evidence,
       NULL::integer AS portfolio_id, listing_id, known_from, '' AS closed_because
  FROM spoken
