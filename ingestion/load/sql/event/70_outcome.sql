-- Purpose: what became of each event: loaded, superseded (a higher version was known) or held.
-- Grain:   one row per staged event.  Owner: helio_worker, while loading.

UPDATE staging.event AS staged
   SET outcome = CASE
           WHEN staged.code IS NOT NULL THEN 'quarantined'
           WHEN EXISTS (SELECT FROM public.event_version AS higher
                         WHERE higher.source = staged.source
                           AND higher.reference = staged.reference
                           AND higher.version > staged.version
                           AND NOT higher.held) THEN 'superseded'
           ELSE 'loaded' END
 WHERE staged.batch_id = %(batch)s::integer AND staged.outcome IS NULL
