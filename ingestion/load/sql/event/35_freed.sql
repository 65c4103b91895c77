-- Purpose: a held version that was replayed and found its mapping is held no more.
-- Grain:   one row per replayed event.  Owner: helio_worker, while loading.

UPDATE public.event_version AS known
   SET held       = false,
       known_from = greatest(staged.known_from, staged.mapped_from),
       batch_id   = staged.batch_id
  FROM staging.event AS staged
 WHERE staged.batch_id = %(batch)s::integer
   AND staged.held_item IS NOT NULL
   AND staged.outcome IS NULL
   AND staged.code IS NULL
   AND known.source = staged.source
   AND known.reference = staged.reference
   AND known.version = staged.version
