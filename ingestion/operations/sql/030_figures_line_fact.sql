-- Purpose: what a source line became, for those who look after the sources.
-- Grain:   one row per version of a fact; ask for one file_id and some lines.
-- Owner:   helio_gate.  Reader: helio_web, operations and auditors only.

CREATE VIEW figures.line_fact WITH (security_barrier) AS
SELECT record, id, file_id, line_no, batch_id, known_from, known_to, about_on, listing_id, version,
       portfolio_id, portfolio_code, listing_key, reference, kind
  FROM rollup.line_fact
 WHERE (SELECT security.has_role('operations', 'auditor'));

GRANT SELECT ON figures.line_fact TO helio_web;
