-- Purpose: how many events of a batch a later version has ended: entries with a closed window, and
--          cancels, which have no entry.
-- Grain:   one row per file.  Owner: helio_worker, after the last part of a file.

SELECT file_id, sum(number)::bigint
  FROM (SELECT file_id, count(*) AS number
          FROM public.transaction
         WHERE batch_id = %(batch)s::integer AND known_to IS NOT NULL
         GROUP BY file_id
         UNION ALL
        SELECT file_id, count(*)
          FROM public.event_version AS cancel
         WHERE batch_id = %(batch)s::integer AND status = 'CANCEL' AND NOT held
           AND EXISTS (SELECT FROM public.event_version AS higher
                        WHERE higher.source = cancel.source
                          AND higher.reference = cancel.reference
                          AND higher.version > cancel.version
                          AND NOT higher.held)
         GROUP BY file_id) AS ended
 GROUP BY file_id
