-- Purpose: is every staged event the only one of its reference ever delivered? Then nothing is
--          repeated, no earlier version ends. References mostly count upwards: where the register
--          holds none between the first and the last one staged, one look answers for all of them.
-- Grain:   one row.  Owner: helio_worker, while loading.

WITH staged AS (
    SELECT source,
           min(reference)            AS first,
           max(reference)            AS last,
           count(*)                  AS events,
           count(DISTINCT reference) AS different,
           count(held_item)          AS tried_again
      FROM staging.event
     WHERE batch_id = %(batch)s::integer AND outcome IS NULL
     GROUP BY source
)
SELECT coalesce(bool_and(staged.events = staged.different
                         AND staged.tried_again = 0
                         AND NOT EXISTS (SELECT FROM public.event_version AS known
                                          WHERE known.source = staged.source
                                            AND known.reference BETWEEN staged.first AND staged.last)),
                true)
  FROM staged
