-- Purpose: the newest day the records of one kind speak of.
-- Grain:   one row.  Owner: helio_worker, while loading; {table} and its column {day}.

SELECT max({day})
  FROM {table}
 WHERE batch_id = %(batch)s::integer AND coalesce(outcome, 'loaded') IN ('loaded', 'superseded')
