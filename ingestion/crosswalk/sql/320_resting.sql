-- Purpose: the facts that rest on the mapping that ended, found by their source lines.
-- Grain:   one row per fact and kind of record, in the temporary table resting.
-- Owner:   helio_worker, while a mapping is applied. {table} is a staging table, {fact} the table
--          of its facts; {same} tells a record from others of its line; {effective} is true of what
--          its source still stands by; {covered} where the code still means the same on the day.

INSERT INTO resting (record, fact_id, row_id, effective)
SELECT %(record)s::text, fact.id, staged.row_id, {effective}
  FROM {table} AS staged
  JOIN {fact} AS fact ON fact.file_id = staged.file_id AND fact.line_no = staged.line_no AND {same}
 WHERE staged.batch_id = %(batch)s::integer
   AND fact.{meaning} = %(meant)s::integer
   AND {day} BETWEEN coalesce(%(first)s::date, '-infinity') AND coalesce(%(last)s::date, 'infinity')
   AND NOT {covered}
    ON CONFLICT DO NOTHING
