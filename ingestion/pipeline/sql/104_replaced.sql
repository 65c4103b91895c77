-- Purpose: the register says what the mended event says, and which line says it.
-- Grain:   one row per event that took the place of a held one.  Owner: helio_worker.

UPDATE event_version AS version
   SET content = staged.content, file_id = staged.file_id, line_no = staged.line_no
  FROM staging.event AS staged
 WHERE staged.batch_id = %(batch)s::integer
   AND staged.held_item IS NOT NULL
   AND staged.code IS NULL
   AND version.source = staged.source
   AND version.reference = staged.reference
   AND version.version = staged.version
