-- Purpose: which materialised views are stale: those of the index where levels, rates or days changed,
--          the closed composites where a closed month did, or where the window moved on.
-- Grain:   one row.

SELECT %(new_from)s::date IS NOT NULL
       OR EXISTS (SELECT FROM changed_rate)
       OR EXISTS (SELECT FROM taken WHERE everything OR index_levels) AS index_levels,
       %(changed_from)s::date < rollup.open_from()
       OR (SELECT max(valued_on) FROM rollup.composite_day_closed)
          IS DISTINCT FROM
          (SELECT max(valued_on) FROM rollup.composite_sum WHERE valued_on < rollup.open_from()) AS closed_months;
