-- Purpose: finds the listing of each staged code by the vendor's line number, and the code's scope:
--          operating MIC for symbols, currency for ISINs, none where the code alone decides.
-- Grain:   one row per staged code.  Owner: helio_worker, while loading, after listings.

UPDATE staging.identifier AS staged
   SET listing_id = target.listing_id,
       scope      = target.scope,
       code       = target.problem,
       reason     = CASE WHEN target.problem IS NOT NULL THEN concat_ws(' ', staged.code_scheme, staged.code_value) END,
       sentence   = CASE target.problem
                        WHEN 'CHECK_DIGIT' THEN format('%%s %%s fails its check digit.', staged.code_scheme, staged.code_value)
                        WHEN 'UNKNOWN_INSTRUMENT' THEN format('No listing has the line number %%s.', staged.line)
                    END
  FROM (SELECT each.row_id,
               line.listing_id,
               CASE each.code_scheme WHEN 'SYMBOL' THEN listing.operating_mic
                                     WHEN 'ISIN'   THEN listing.price_currency
                                     ELSE '' END AS scope,
               CASE WHEN each.check_fails         THEN 'CHECK_DIGIT'
                    WHEN line.listing_id IS NULL  THEN 'UNKNOWN_INSTRUMENT' END AS problem
          FROM staging.identifier AS each
          LEFT JOIN public.identifier AS line
                 ON line.scheme = 'INTERNAL' AND line.value = each.line
                AND line.scope = left(each.source, 10) AND line.known_to IS NULL
          LEFT JOIN public.listing ON listing.id = line.listing_id
         WHERE each.batch_id = %(batch)s::integer AND each.outcome IS NULL) AS target
 WHERE staged.row_id = target.row_id
