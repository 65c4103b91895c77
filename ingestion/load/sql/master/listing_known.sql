-- Purpose: finds what is known of the staged listings: themselves, else an instrument that shares
--          an ISIN; ``anchor`` is one listing for all that are one instrument.
-- Grain:   one row per staged listing.  Owner: helio_worker, while loading.

WITH stated AS (
    SELECT row_id, line, figi FROM staging.listing
     WHERE batch_id = %(batch)s::integer AND code IS NULL
), isin AS (
    SELECT stated.figi, identifier.code_value AS value
      FROM stated
      JOIN staging.identifier ON identifier.line = stated.line
                             AND identifier.batch_id = %(batch)s::integer
                             AND identifier.code_scheme = 'ISIN'
), group_of AS (
    SELECT mine.figi, min(other.figi) AS anchor
      FROM isin AS mine JOIN isin AS other USING (value)
     GROUP BY mine.figi
), shared AS (
    SELECT isin.figi, min(listing.instrument_id) AS instrument_id
      FROM isin
      JOIN public.identifier ON identifier.scheme = 'ISIN' AND identifier.value = isin.value
      JOIN public.listing ON listing.id = identifier.listing_id
     GROUP BY isin.figi
)
UPDATE staging.listing AS staged
   SET anchor        = coalesce(group_of.anchor, stated.figi),
       listing_id    = known.id,
       instrument_id = coalesce(known.instrument_id, shared.instrument_id),
       code          = CASE WHEN staged.check_fails THEN 'CHECK_DIGIT' END,
       reason        = CASE WHEN staged.check_fails THEN 'FIGI ' || staged.figi END,
       sentence      = CASE WHEN staged.check_fails THEN format('FIGI %%s fails its check digit.', staged.figi) END
  FROM stated
  LEFT JOIN group_of ON group_of.figi = stated.figi
  LEFT JOIN shared   ON shared.figi = stated.figi
  LEFT JOIN public.listing AS known ON known.figi = stated.figi
 WHERE staged.row_id = stated.row_id
