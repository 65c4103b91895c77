-- Purpose: one plan for the days of every portfolio. The planner expects a few days to cost so much
--          less than all of them that it plans each call anew: 3 ms of planning for 1 ms of work, for
--          each of 500 portfolios of a tick. The one plan goes along the same indexes.
-- Owner:   helio_rollup.  Readers: see 117_portfolio_days.sql.

ALTER FUNCTION rollup.portfolio_days(integer, text, date) SET plan_cache_mode = force_generic_plan;
