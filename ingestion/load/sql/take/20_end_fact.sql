-- Purpose: the content delivered first ends, since a person took the other one.
-- Grain:   one row per fact under the record's identity.  Owner: helio_worker, after 10.
--          {staging}, {target}; {identity} compares s(taged) with t(arget), {peers} is true where a
--          source of s's rank stated t.

UPDATE {target} AS t
   SET ended_at = greatest(t.known_from, %(at)s::timestamptz)
  FROM {staging} AS s
 WHERE s.batch_id = %(batch)s::integer
   AND {identity} AND {peers}
   AND t.copy_of IS NULL AND t.ended_at IS NULL
