-- Purpose: a held event that an amendment or cancel has overtaken need not be mapped any more.
-- Grain:   one row per held event.  Owner: helio_worker, while loading.

UPDATE public.exception_item AS item
   SET state = 'released',
       outcome = 'released by a later version',
       settled_at = now(),
       settled_in_id = %(batch)s::integer
  FROM public.source
 WHERE source.id = item.source_id
   AND item.state = 'held'
   AND item.record = 'event'
   AND EXISTS (SELECT FROM public.event_version AS higher
                WHERE higher.source = source.name
                  AND higher.reference = item.reference
                  AND higher.version > item.version
                  AND NOT higher.held)
