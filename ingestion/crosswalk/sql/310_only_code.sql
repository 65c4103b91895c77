-- Purpose: of the records read again, keeps those that name the code in question.
-- Grain:   one row per staged record.  Owner: helio_worker, while a mapping is applied.
--          {table} is a staging table; {names} is true of a record that names the code.

DELETE FROM {table} AS staged
 WHERE staged.batch_id = %(batch)s::integer
   AND ({names}) IS NOT TRUE
