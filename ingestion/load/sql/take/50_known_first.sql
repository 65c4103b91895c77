-- Purpose: the version of an event as such is known since its first content was.
-- Grain:   one row.  Owner: helio_worker, after the load of what was taken.

UPDATE public.event_version AS version
   SET known_from = first.known_from
  FROM (SELECT min(entry.known_from) AS known_from, entry.source, entry.source_reference, entry.source_version
          FROM public.transaction AS entry
          JOIN staging.event AS staged ON staged.batch_id = %(batch)s::integer
                                      AND entry.source = staged.source
                                      AND entry.source_reference = staged.reference
                                      AND entry.source_version = staged.version
         GROUP BY entry.source, entry.source_reference, entry.source_version) AS first
 WHERE version.source = first.source
   AND version.reference = first.source_reference
   AND version.version = first.source_version
