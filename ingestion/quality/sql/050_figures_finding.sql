-- Purpose: findings as people may see them: about their portfolios, and about prices and rates of
--          what their portfolios hold or held. Auditors see all. Findings about files and codes
--          that belong to no portfolio are for operations (finding, 010_secure.sql).
-- Grain:   one row per finding.
-- Owner:   helio_gate.  Readers: helio_web (portfolios/figures).

CREATE VIEW figures.finding WITH (security_barrier) AS
SELECT id, code, severity, source, subject, finding_day, sentence, numbers,
       portfolio_id, listing_id, state, still_true, closed_because, raised_at, changed_at
  FROM rollup.finding
 WHERE portfolio_id = ANY ((SELECT security.perimeter())::integer[])
    OR (portfolio_id IS NULL
        AND listing_id IS NOT NULL
        AND EXISTS (SELECT FROM rollup.holder
                     WHERE holder.listing_id = finding.listing_id
                       AND holder.portfolio_id = ANY ((SELECT security.perimeter())::integer[])))
    OR (SELECT security.has_role('auditor'));

GRANT SELECT ON figures.finding TO helio_web;
