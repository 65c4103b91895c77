-- Purpose: a listing's FIGI and its line number at the vendor are identifiers too.
-- Grain:   one row per code.  Owner: helio_worker, while loading, after listing.sql.

INSERT INTO public.identifier (scheme, value, scope, listing_id, source, evidence, batch_id, file_id, line_no)
SELECT code.scheme, code.value, code.scope, listing.id, staged.source, 'stated with the listing',
       staged.batch_id, staged.file_id, staged.line_no
  FROM staging.listing AS staged
  JOIN public.listing ON listing.figi = staged.figi
 CROSS JOIN LATERAL (VALUES ('FIGI', staged.figi, ''), ('INTERNAL', staged.line, left(staged.source, 10)))
       AS code (scheme, value, scope)
 WHERE staged.batch_id = %(batch)s::integer AND staged.code IS NULL
   AND NOT EXISTS (SELECT FROM public.identifier AS known
                    WHERE known.scheme = code.scheme AND known.value = code.value
                      AND known.scope = code.scope AND known.known_to IS NULL)
    ON CONFLICT DO NOTHING
