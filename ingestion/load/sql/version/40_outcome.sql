-- Purpose: what became of the records that were not simply loaded (an empty outcome says that):
--          superseded, since a later version was known, or held.
-- Grain:   one row per such record.  Owner: helio_worker, while loading.

UPDATE {staging} AS s
   SET outcome = CASE WHEN s.code IS NULL THEN 'superseded' ELSE 'quarantined' END
 WHERE s.batch_id = %(batch)s::integer
   AND s.outcome IS NULL
   AND (s.code IS NOT NULL
        OR s.row_id IN (SELECT rival.row_id FROM staging.rival WHERE rival.batch_id = %(batch)s::integer)
           AND EXISTS (SELECT FROM {target} AS t WHERE {identity} AND t.known_to IS NOT NULL
                                                   AND t.batch_id = s.batch_id))
