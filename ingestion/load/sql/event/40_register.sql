-- Purpose: registers every version delivered, held ones and cancels too; a replayed one is freed.
-- Grain:   one row per source, reference and version.  Owner: helio_worker, while loading.

INSERT INTO public.event_version
       (source, reference, version, status, content, known_from, held, batch_id, file_id, line_no)
SELECT source, reference, version, status, content,
       greatest(known_from, mapped_from),
       code IS NOT NULL,
       batch_id, file_id, line_no
  FROM staging.event
 WHERE batch_id = %(batch)s::integer
   AND outcome IS NULL
   AND (code IS NULL OR (held_item IS NULL AND code <> 'CONFLICTING_RECORD'))
    ON CONFLICT (source, reference, version) DO UPDATE
   SET held = false,
       known_from = excluded.known_from,
       batch_id = excluded.batch_id
