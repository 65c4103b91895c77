-- Purpose: from which day on figures changed, and whose. Rates change composites and reporting
--          currencies; what was noted without a target (index levels) changes every portfolio.
-- Grain:   one row.

WITH everybody AS (
    SELECT min(from_on) AS from_on
      FROM (SELECT from_on FROM taken WHERE everything OR index_levels
            UNION ALL SELECT from_on FROM changed_rate) AS broad
)
SELECT (SELECT min(valued_on) FROM valuation_day
         WHERE valued_on >= least((SELECT min(from_on) FROM work_day), everybody.from_on)) AS from_on,
       EXISTS (SELECT FROM taken WHERE everything) OR NOT EXISTS (SELECT FROM version) AS whole,
       coalesce((SELECT bool_and(cause = %(reconciliation)s::text) FROM taken), false) AS reconciled,
       CASE WHEN everybody.from_on IS NULL
            THEN (SELECT coalesce(array_agg(portfolio_id ORDER BY portfolio_id), '{}') FROM work_day)
            ELSE (SELECT coalesce(array_agg(portfolio_id ORDER BY portfolio_id), '{}') FROM portfolio_life)
       END AS portfolio_ids,
       (SELECT coalesce(array_agg(DISTINCT batch_id ORDER BY batch_id), '{}')
          FROM taken WHERE batch_id IS NOT NULL) AS batch_ids
  FROM everybody;
