-- Purpose: the first day whose index level a wave changed; empty when it changed none.
-- Grain:   one row.  Owner: helio_worker, while loading.

SELECT min(level_on)
  FROM staging.index_level
 WHERE batch_id = %(batch)s::integer AND coalesce(outcome, 'loaded') IN ('loaded', 'superseded')
