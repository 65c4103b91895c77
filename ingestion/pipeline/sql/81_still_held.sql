-- Purpose: a record that lacked two mappings and got one says which it still lacks.
-- Grain:   one row per held record whose reason changed.  Owner: helio_worker, while loading.

UPDATE exception_item AS item
   SET code = staged.code, reason = staged.reason, sentence = staged.sentence
  FROM {table} AS staged
 WHERE staged.held_item = item.id
   AND staged.batch_id = %(batch)s::integer
   AND staged.code NOT LIKE 'CONFLICTING%%'
   AND (item.code, item.sentence) IS DISTINCT FROM (staged.code, staged.sentence)
   AND item.state = 'held'
