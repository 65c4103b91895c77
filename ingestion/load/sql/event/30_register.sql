-- Purpose: registers every version delivered, held ones and cancels too. A version that is
--          registered already stays as it is: 40 looks at such rows.
-- Grain:   one row per source, reference and version.  Owner: helio_worker, while loading.
--          {if_taken} is empty where 28 found all of them new: then to look first would be in vain.

INSERT INTO public.event_version
       (source, reference, version, status, content, known_from, held, batch_id, file_id, line_no)
SELECT source, reference, version, status, content,
       greatest(known_from, mapped_from),
       code IS NOT NULL,
       batch_id, file_id, line_no
  FROM staging.event
 WHERE batch_id = %(batch)s::integer AND outcome IS NULL AND held_item IS NULL
 ORDER BY file_id, line_no
{if_taken}
