-- Purpose: closes that a source states otherwise than the one that decides.
-- Grain:   one row per source that does not decide, listing and day.
-- Owner:   helio_worker.  Readers: quality/sources.py.

WITH minor AS (
    SELECT unnest(%(units)s::text[]) AS unit, unnest(%(majors)s::text[]) AS currency,
           unnest(%(parts)s::numeric[]) AS parts
), aside AS (
    -- the last that each other source said and still stands by
    SELECT DISTINCT ON (price.listing_id, price.priced_on, source.id)
           price.*, source.name AS source
      FROM public.price
      JOIN public.source_file ON source_file.id = price.file_id
      JOIN public.source ON source.id = source_file.source_id
     WHERE EXISTS (SELECT FROM public.source_rank WHERE record = 'price' AND rank <> 50)
       AND price.known_to IS NOT NULL AND price.ended_at IS NULL AND price.copy_of IS NULL
       AND price.priced_on >= %(prices_from)s
       AND (%(everything)s OR price.listing_id = ANY (%(listings)s::integer[]))
     ORDER BY price.listing_id, price.priced_on, source.id, price.revision DESC, price.known_from DESC
), pair AS (
    SELECT aside.*, believed.id AS believed_id, believed.file_id AS believed_file, believed.line_no AS believed_line,
           believed.price AS believed_price, believed.unit AS believed_unit, decider.name AS decider,
           aside.price / coalesce(m.parts, 1) AS value, coalesce(m.currency, aside.unit) AS currency,
           believed.price / coalesce(n.parts, 1) AS believed_value, coalesce(n.currency, believed.unit) AS believed_currency
      FROM aside
      JOIN public.price AS believed ON believed.listing_id = aside.listing_id
                                   AND believed.priced_on = aside.priced_on AND believed.known_to IS NULL
      JOIN public.source_file ON source_file.id = believed.file_id
      JOIN public.source AS decider ON decider.id = source_file.source_id AND decider.name <> aside.source
      LEFT JOIN minor AS m ON m.unit = aside.unit
      LEFT JOIN minor AS n ON n.unit = believed.unit
)
SELECT 'PRICE_DIFFERS' AS code, pair.source, listing.key AS subject, pair.priced_on AS finding_day,
       format('%%s says %%s %%s for %%s of %%s; %%s decides and says %%s %%s.', pair.source, trim_scale(pair.price),
              pair.unit, listing.key, pair.priced_on, pair.decider, trim_scale(pair.believed_price), pair.believed_unit) AS sentence,
       jsonb_build_object(
           'numbers', jsonb_build_object(
               'decides', pair.decider, 'believed', trim_scale(pair.believed_price), 'other', trim_scale(pair.price),
               'ratio', CASE WHEN pair.currency = pair.believed_currency AND pair.believed_value > 0
                             THEN round(pair.value / pair.believed_value, 6) END),
           'rows', jsonb_build_array(
               jsonb_build_object('fact', 'price', 'id', pair.believed_id, 'file', pair.believed_file, 'line', pair.believed_line),
               jsonb_build_object('fact', 'price', 'id', pair.id, 'file', pair.file_id, 'line', pair.line_no))) AS evidence,
       NULL::integer AS portfolio_id, pair.listing_id, pair.known_from, '' AS closed_because
  FROM pair
  JOIN public.listing ON listing.id = pair.listing_id
 WHERE pair.currency <> pair.believed_currency
    OR abs(pair.value - pair.believed_value) > %(source_tolerance)s * abs(pair.believed_value)
