-- Purpose: findings and who holds what, for the view that cuts them to the perimeter.
-- Grain:   one row per finding; one row per state of a holding.
-- Owner:   helio_rollup.  Reader: helio_gate.

CREATE VIEW rollup.finding AS
SELECT id, code, severity, source, subject, finding_day, sentence,
       evidence -> 'numbers' AS numbers,
       portfolio_id, listing_id, state, still_true, closed_because, raised_at, changed_at
  FROM public.finding;

CREATE VIEW rollup.holder AS
SELECT listing_id, portfolio_id FROM public.holding_state;

GRANT SELECT ON rollup.finding, rollup.holder TO helio_gate;
