-- Purpose: how many rows of each derived table this transaction has written so far.
-- Grain:   one row per table with any.
-- Owner:   helio_worker.

SELECT relname AS name, n_tup_ins + n_tup_upd + n_tup_del AS rows
  FROM pg_stat_xact_user_tables
 WHERE relname = ANY (%(tables)s::text[]) AND n_tup_ins + n_tup_upd + n_tup_del > 0
 ORDER BY relname;
