-- Purpose: nothing is known before the mapping it needed was: a record that a mapping released
--          today does not pretend to have been known last year.
-- Grain:   one row per staged record whose mapping came after it.
-- Owner:   helio_worker runs it while loading, after 110 and 120; {table} is a staging table.

UPDATE {table}
   SET known_from = mapped_from
 WHERE batch_id = %(batch)s::integer
   AND mapped_from > known_from
   AND code IS NULL
   AND outcome IS NULL
