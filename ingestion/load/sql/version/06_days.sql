-- Purpose: of which of the days staged anything is stored already. A file of closes holds few days:
--          those of which nothing is stored need no look for each of their records (08).
-- Grain:   one row per such day.  Owner: helio_worker, while loading.
--          {staging}, {target}; {staged_day} and {stored_day} are their columns of the day, of
--          which the target has an index.

SELECT of_file.{staged_day}
  FROM (SELECT DISTINCT {staged_day}
          FROM {staging}
         WHERE batch_id = %(batch)s::integer AND outcome IS NULL AND code IS NULL) AS of_file
 -- One look each: joined as sets, all facts would be read for every part of a file.
 CROSS JOIN LATERAL (SELECT FROM {target} AS t
                      WHERE t.{stored_day} = of_file.{staged_day}
                      LIMIT 1) AS stored
