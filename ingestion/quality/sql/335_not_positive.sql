-- Purpose: closes and fixings of zero or less: no price and no rate, so the last good one is
--          carried, or there is none.
-- Grain:   one row per listing and day; one per pair and day.
-- Owner:   helio_worker.  Readers: quality/prices.py.

SELECT 'PRICE_NOT_POSITIVE' AS code, coalesce(source.name, 'vendor') AS source, listing.key AS subject,
       price.priced_on AS finding_day,
       format('The price of %%s of %%s is %%s %%s: %%s.', listing.key, price.priced_on, trim_scale(price.price), price.unit,
              coalesce(format('that of %%s is carried', before.priced_on), 'there is none before it to carry')) AS sentence,
       jsonb_build_object(
           'numbers', jsonb_build_object('price', trim_scale(price.price), 'unit', price.unit,
                                         'carried', trim_scale(before.price), 'of', before.priced_on),
           'rows', jsonb_build_array(jsonb_build_object(
               'fact', 'price', 'id', price.id, 'file', price.file_id, 'line', price.line_no))) AS evidence,
       NULL::integer AS portfolio_id, price.listing_id, price.known_from, '' AS closed_because
  FROM public.price
  JOIN public.listing ON listing.id = price.listing_id
  LEFT JOIN public.source_file ON source_file.id = price.file_id
  LEFT JOIN public.source      ON source.id = source_file.source_id
  LEFT JOIN LATERAL (
        SELECT good.priced_on, good.price FROM public.price AS good
         WHERE good.listing_id = price.listing_id AND good.priced_on < price.priced_on
           AND good.known_to IS NULL AND good.price > 0
         ORDER BY good.priced_on DESC LIMIT 1) AS before ON true
 WHERE price.price <= 0 AND price.known_to IS NULL
   AND price.priced_on >= %(prices_from)s
   AND (%(everything)s OR price.listing_id = ANY (%(listings)s::integer[]))
