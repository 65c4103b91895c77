-- Purpose: marks runs that were killed. A run that is loading cannot show life in its row, which is
--          its transaction's, but it holds a lock on its number.
-- Grain:   one row per run of the source that is silent and holds no lock.  Owner: helio_worker.

WITH silent AS MATERIALIZED (
    SELECT id
      FROM batch
     WHERE source_id = %(source)s AND state = 'running' AND heard_at < %(before)s
)
UPDATE batch
   SET state    = 'interrupted',
       ended_at = now(),
       sentence = 'The run was interrupted; what it had not loaded went to a later batch.'
  FROM silent
 WHERE batch.id = silent.id
   AND pg_try_advisory_xact_lock(%(lock)s, silent.id)
