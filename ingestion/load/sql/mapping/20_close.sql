-- Purpose: a mapping whose stretch of use was restated ends, as known, when the restatement was made.
-- Grain:   one row per mapping.  Owner: helio_worker, while loading.

UPDATE {target} AS t
   SET known_to = greatest(t.known_from + interval '1 microsecond',
                           coalesce(source_file.made_at, source_file.received_at))
  FROM {staging} AS s
  JOIN public.source_file ON source_file.id = s.file_id
 WHERE s.batch_id = %(batch)s::integer AND s.outcome IS NULL AND s.code IS NULL
   AND {same_code} AND {same_meaning}
   AND t.known_to IS NULL
   AND t.valid_from IS NOT DISTINCT FROM s.valid_from
   AND t.source = s.source
   -- what people decided stands until people decide otherwise
   AND t.proposal_id IS NULL
