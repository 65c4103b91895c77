-- Purpose: where no source names an issuer, an instrument gets one of its own under its own name,
--          marked as derived: two share classes stay apart until somebody joins them.
-- Grain:   one issuer per instrument without one. Cash has none.
-- Owner:   helio_worker runs it while loading, after 200.

WITH made AS (
    MERGE INTO public.issuer
    USING (SELECT id, name, domicile FROM public.instrument
            WHERE issuer_id IS NULL AND security_type <> 'Cash' ORDER BY id) AS orphan
       ON false
     WHEN NOT MATCHED THEN
          INSERT (name, country, derived, evidence)
          VALUES (orphan.name, orphan.domicile, true, 'derived from the instrument''s name')
    RETURNING orphan.id AS instrument_id, issuer.id AS issuer_id
)
UPDATE public.instrument
   SET issuer_id = made.issuer_id, issuer_source = 'derived'
  FROM made
 WHERE instrument.id = made.instrument_id
