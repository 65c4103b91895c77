-- Purpose: new versions of facts, appended; notes whom and which day they touch.
-- Grain:   one row per version of a fact.  Owner: helio_worker, while loading.
--          {target}, {staging}; {columns} of the target from {values} of the staging table.

WITH added AS (
    INSERT INTO {target} ({columns}, known_from, known_to, batch_id, file_id, line_no)
    SELECT {values}, {known_from}, NULL, s.batch_id, s.file_id, s.line_no
      FROM {staging} AS s
     WHERE s.batch_id = %(batch)s::integer AND s.outcome IS NULL AND s.code IS NULL
     ORDER BY s.file_id, s.line_no
    RETURNING {touched}
)
INSERT INTO staging.touched (batch_id, portfolio_id, listing_id, from_on)
SELECT %(batch)s::integer, NULL, listing_id, min(from_on)
  FROM added
 WHERE from_on IS NOT NULL
 GROUP BY listing_id
