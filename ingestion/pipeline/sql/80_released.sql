-- Purpose: a held record that found its mapping is released; the others stay as they were.
-- Grain:   one row per held record.  Owner: helio_worker, while loading.

UPDATE exception_item AS item
   SET state = 'released',
       outcome = 'released by a mapping',
       settled_at = now(),
       settled_in_id = %(batch)s::integer
  FROM {table} AS staged
 WHERE staged.held_item = item.id
   AND staged.batch_id = %(batch)s::integer
   AND staged.code IS NULL
   AND item.state = 'held'
