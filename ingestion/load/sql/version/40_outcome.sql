-- Purpose: what became of each record: loaded, superseded (a later version was known) or held.
-- Grain:   one row per staged record.  Owner: helio_worker, while loading.

UPDATE {staging} AS s
   SET outcome = CASE
           WHEN s.code IS NOT NULL THEN 'quarantined'
           WHEN EXISTS (SELECT FROM {target} AS t
                         WHERE {identity} AND t.known_to IS NOT NULL) THEN 'superseded'
           ELSE 'loaded' END
 WHERE s.batch_id = %(batch)s::integer AND s.outcome IS NULL
