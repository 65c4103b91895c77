-- Purpose: tells the same version of the same event again (no effect) from another content under
--          an identity that was taken (held, because one of the two is wrong).
-- Grain:   one row per staged event that is not the one registered.
-- Owner:   helio_worker, while loading, when 30 registered fewer than were staged.

UPDATE staging.event AS staged
   SET outcome  = CASE WHEN known.content = staged.content THEN 'duplicate' END,
       code     = CASE WHEN known.content <> staged.content THEN 'CONFLICTING_RECORD' END,
       reason   = CASE WHEN known.content <> staged.content
                       THEN format('%%s v%%s', staged.reference, staged.version) END,
       sentence = CASE WHEN known.content <> staged.content
                       THEN format('%%s version %%s was delivered before with other content.',
                                   staged.reference, staged.version) END
  FROM public.event_version AS known
 WHERE staged.batch_id = %(batch)s::integer
   AND staged.outcome IS NULL
   AND staged.held_item IS NULL
   AND known.source = staged.source
   AND known.reference = staged.reference
   AND known.version = staged.version
   AND (known.file_id, known.line_no) <> (staged.file_id, staged.line_no)
