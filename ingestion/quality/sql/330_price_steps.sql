-- Purpose: listings with a step between two first released prices that a split does not explain;
--          all their prices and splits, for the walk along them in Python.
-- Grain:   one row per listing and day: the price as first released, in the major unit, and as it
--          is believed now; times the splits that took effect since the price before.
-- Owner:   helio_worker.  Readers: quality/prices.py.

WITH minor AS (
    SELECT unnest(%(units)s::text[]) AS unit, unnest(%(parts)s::numeric[]) AS parts
), released AS (
    SELECT DISTINCT ON (price.listing_id, price.priced_on)
           price.id, price.listing_id, price.priced_on, price.price, price.unit,
           price.price / coalesce(minor.parts, 1) AS value,
           price.file_id, price.line_no, price.known_from
      FROM public.price
      LEFT JOIN minor ON minor.unit = price.unit
     WHERE price.price > 0 AND price.priced_on >= %(prices_from)s
       AND (%(everything)s OR price.listing_id = ANY (%(listings)s::integer[]))
       -- never believed, since a better source had spoken
       AND price.known_to IS DISTINCT FROM price.known_from
     ORDER BY price.listing_id, price.priced_on, price.revision, price.known_from
), split AS (
    SELECT listing_id, effective_on, (terms ->> 'new')::numeric / (terms ->> 'old')::numeric AS factor
      FROM public.corporate_action
     WHERE kind = 'split' AND known_to IS NULL
       AND (terms ->> 'new')::numeric > 0 AND (terms ->> 'old')::numeric > 0
), paired AS (
    SELECT released.*,
           lag(value)     OVER days AS value_before,
           lag(priced_on) OVER days AS day_before
      FROM released
    WINDOW days AS (PARTITION BY listing_id ORDER BY priced_on)
), adjusted AS (
    SELECT paired.*,
           coalesce((SELECT round(exp(sum(ln(split.factor))), 12) FROM split
                      WHERE split.listing_id = paired.listing_id
                        AND split.effective_on > paired.day_before
                        AND split.effective_on <= paired.priced_on), 1) AS split_factor
      FROM paired
), stepped AS (
    SELECT DISTINCT listing_id
      FROM adjusted
     WHERE value_before > 0 AND value * split_factor / value_before NOT BETWEEN %(low)s AND %(high)s
)
SELECT adjusted.listing_id, listing.key, adjusted.priced_on, adjusted.price, adjusted.unit, adjusted.value,
       adjusted.split_factor, adjusted.id, adjusted.file_id, adjusted.line_no, adjusted.known_from,
       now.price AS price_now, now.unit AS unit_now,
       now.price / coalesce(minor.parts, 1) AS value_now
  FROM adjusted
  JOIN stepped ON stepped.listing_id = adjusted.listing_id
  JOIN public.listing ON listing.id = adjusted.listing_id
  LEFT JOIN public.price AS now ON now.listing_id = adjusted.listing_id
                               AND now.priced_on = adjusted.priced_on AND now.known_to IS NULL
                               AND now.price > 0
  LEFT JOIN minor ON minor.unit = now.unit
 ORDER BY adjusted.listing_id, adjusted.priced_on
