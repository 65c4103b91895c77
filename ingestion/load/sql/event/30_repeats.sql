-- Purpose: tells the same version of the same event again (no effect) from another content under
--          an identity that was taken (held, because one of the two is wrong).
-- Grain:   one row per staged event.  Owner: helio_worker, while loading.

WITH ranked AS (
    SELECT row_id, source, reference, version, content,
           row_number()         OVER identity AS place,
           first_value(content) OVER identity AS first_content
      FROM staging.event
     WHERE batch_id = %(batch)s::integer AND outcome IS NULL AND held_item IS NULL
    WINDOW identity AS (PARTITION BY source, reference, version ORDER BY file_id, line_no)
), repeated AS (
    SELECT ranked.row_id,
           ranked.content = coalesce(known.content, ranked.first_content) AS same
      FROM ranked
      LEFT JOIN public.event_version AS known
             ON known.source = ranked.source
            AND known.reference = ranked.reference
            AND known.version = ranked.version
     WHERE known.id IS NOT NULL OR ranked.place > 1
)
UPDATE staging.event AS staged
   SET outcome  = CASE WHEN repeated.same THEN 'duplicate' END,
       code     = CASE WHEN repeated.same THEN NULL ELSE 'CONFLICTING_RECORD' END,
       reason   = CASE WHEN repeated.same THEN NULL ELSE format('%%s v%%s', staged.reference, staged.version) END,
       sentence = CASE WHEN repeated.same THEN NULL ELSE
                      format('%%s version %%s was delivered before with other content.', staged.reference, staged.version) END
  FROM repeated
 WHERE staged.row_id = repeated.row_id
