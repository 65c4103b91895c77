-- Purpose: as 040, with since when the cause is known, so that a page as known then leaves out
--          what was not known then.
-- Grain:   one row per finding.
-- Owner:   helio_rollup.  Reader: helio_gate.

CREATE OR REPLACE VIEW rollup.finding AS
SELECT id, code, severity, source, subject, finding_day, sentence,
       evidence -> 'numbers' AS numbers,
       portfolio_id, listing_id, state, still_true, closed_because, raised_at, changed_at, known_from
  FROM public.finding;
