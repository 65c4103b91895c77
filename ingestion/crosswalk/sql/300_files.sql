-- Purpose: the files whose facts may rest on a mapping that ended: they name the code, and have
--          facts of the listing or portfolio it meant.
-- Grain:   one row per file.
-- Owner:   helio_worker, while a mapping is applied. {fact} is a table of facts with its column
--          {meaning} and the day {day} it is about.

SELECT DISTINCT fact.file_id
  FROM {fact} AS fact
 WHERE fact.{meaning} = %(meant)s::integer
   AND {day} BETWEEN coalesce(%(first)s::date, '-infinity') AND coalesce(%(last)s::date, 'infinity')
   AND (EXISTS (SELECT FROM source_text AS text
                 WHERE text.file_id = fact.file_id AND position(%(value)s::text IN text.body) > 0)
        -- a file that is not text may name it too
        OR NOT EXISTS (SELECT FROM source_text AS text WHERE text.file_id = fact.file_id))
