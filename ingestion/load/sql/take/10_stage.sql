-- Purpose: stages one record that a person takes instead of the first, just as it was staged.
-- Grain:   one row.  Owner: helio_worker, under the load lock.

INSERT INTO {table} (batch_id, held_item, {columns})
SELECT %(batch)s::integer, item.id, {values}
  FROM exception_item AS item
 CROSS JOIN LATERAL jsonb_populate_record(NULL::{table}, item.staged) AS again
 WHERE item.id = %(item)s::integer
