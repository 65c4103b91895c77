-- Purpose: stages held records again, just as they were staged when they came. An event that a
--          later version has overtaken is tried too: what was known then must come right as well.
-- Grain:   one row per held record of one kind.  Owner: helio_worker, while loading.

INSERT INTO {table} (batch_id, held_item, {columns})
SELECT %(batch)s::integer, item.id, {values}
  FROM exception_item AS item
  JOIN source ON source.id = item.source_id
 CROSS JOIN LATERAL jsonb_populate_record(NULL::{table}, item.staged) AS again
 WHERE item.record = %(record)s::text
   AND (item.state = 'held'
        OR item.state = 'released'
           AND EXISTS (SELECT FROM event_version AS version
                        WHERE version.source = source.name
                          AND version.reference = item.reference
                          AND version.version = coalesce(item.version, 0)
                          AND version.held
                          AND item.record = 'event'))
 ORDER BY item.id
