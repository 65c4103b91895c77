-- Purpose: new versions of facts, appended.
-- Grain:   one row per version of a fact.  Owner: helio_worker, while loading.
--          {target}, {staging}; {columns} of the target from {values} of the staging table.

INSERT INTO {target} ({columns}, known_from, known_to, batch_id, file_id, line_no)
SELECT {values}, {known_from}, NULL, s.batch_id, s.file_id, s.line_no
  FROM {staging} AS s
 WHERE s.batch_id = %(batch)s::integer AND s.outcome IS NULL AND s.code IS NULL
