-- Purpose: a mended event takes the place of the held one it mends: same number, other content.
-- Grain:   one row per event of a file that was sent again.  Owner: helio_worker, while loading.

UPDATE staging.event AS staged
   SET held_item = item.id
  FROM unnest(%(lines)s::integer[], %(items)s::integer[]) AS mended (line_no, item_id)
  JOIN exception_item AS item ON item.id = mended.item_id
 WHERE staged.file_id = %(file)s::integer
   AND staged.line_no = mended.line_no
   AND item.state = 'held'
   AND item.record = 'event'
   AND item.reference = staged.reference
   AND coalesce(item.version, 0) = coalesce(staged.version, 0)
