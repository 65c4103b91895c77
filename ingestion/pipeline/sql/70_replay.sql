-- Purpose: stages held records again, just as they were staged when they came.
-- Grain:   one row per held record of one kind.  Owner: helio_worker, while loading.

INSERT INTO {table} (batch_id, held_item, {columns})
SELECT %(batch)s::integer, item.id, {values}
  FROM exception_item AS item
 CROSS JOIN LATERAL jsonb_populate_record(NULL::{table}, item.staged) AS again
 WHERE item.state = 'held' AND item.record = %(record)s::text
 ORDER BY item.id
