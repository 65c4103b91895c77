-- Purpose: the portfolios at work. A process beside this one cannot see its temporary tables.
-- Grain:   one row: whose days are computed again, and from which on.

SELECT coalesce(array_agg(portfolio_id ORDER BY portfolio_id), '{}') AS portfolio_ids,
       coalesce(array_agg(from_on ORDER BY portfolio_id), '{}')      AS from_ons
  FROM work_day;
