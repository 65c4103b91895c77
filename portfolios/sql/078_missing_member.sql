-- Purpose: the portfolios that have no figures from a day on, and why.
-- Grain:   one row per such portfolio.  Owner: helio_rollup.  Reader: helio_gate.

CREATE VIEW rollup.missing_member AS
SELECT gap.portfolio_id, portfolio.code, desk.name AS desk, gap.from_on, gap.reason
  FROM public.portfolio_gap AS gap
  JOIN public.portfolio ON portfolio.id = gap.portfolio_id
  JOIN public.desk      ON desk.id = portfolio.desk_id;

GRANT SELECT ON rollup.missing_member TO helio_gate;
