-- Purpose: as 050, with since when the cause is known, and under a name of its own: beside the
--          table finding a view finding would be read by accident, or not at all.
-- Grain:   one row per finding.
-- Owner:   helio_gate.  Readers: helio_web (portfolios/figures/findings.py).

DROP VIEW figures.finding;

CREATE VIEW figures.portfolio_finding WITH (security_barrier) AS
SELECT id, code, severity, source, subject, finding_day, sentence, numbers,
       portfolio_id, listing_id, state, still_true, closed_because, raised_at, changed_at, known_from
  FROM rollup.finding
 WHERE portfolio_id = ANY ((SELECT security.perimeter())::integer[])
    OR (portfolio_id IS NULL
        AND listing_id IS NOT NULL
        AND EXISTS (SELECT FROM rollup.holder
                     WHERE holder.listing_id = finding.listing_id
                       AND holder.portfolio_id = ANY ((SELECT security.perimeter())::integer[])))
    OR (SELECT security.has_role('operations', 'auditor'));

GRANT SELECT ON figures.portfolio_finding TO helio_web;
