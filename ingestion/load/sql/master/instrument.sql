-- Purpose: new instruments, one for all listings that share an ISIN.
-- Grain:   one row per instrument.  Owner: helio_worker, while loading, after listing_known.sql.

WITH made AS (
    MERGE INTO public.instrument
    USING (SELECT DISTINCT ON (anchor)
                  anchor, name, security_type, coalesce(sector, '') AS sector,
                  coalesce(domicile, '') AS domicile
             FROM staging.listing
            WHERE batch_id = %(batch)s::integer AND instrument_id IS NULL AND code IS NULL
            ORDER BY anchor, figi) AS stated
       ON false
     WHEN NOT MATCHED THEN
          INSERT (name, security_type, sector, domicile)
          VALUES (stated.name, stated.security_type, stated.sector, stated.domicile)
    RETURNING stated.anchor, instrument.id
)
UPDATE staging.listing AS staged
   SET instrument_id = made.id
  FROM made
 WHERE staged.anchor = made.anchor AND staged.batch_id = %(batch)s::integer
