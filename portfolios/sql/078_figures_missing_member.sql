-- Purpose: the portfolios that sums leave out, for who may see them. Leadership, which opens no
--          portfolio, may know which are missing from the firm's sums; no amount is in it.
-- Grain:   one row per portfolio without figures from a day on.
-- Owner:   helio_gate.  Reader: helio_web.

CREATE VIEW figures.missing_member WITH (security_barrier) AS
SELECT portfolio_id, code, desk, from_on, reason
  FROM rollup.missing_member
 WHERE portfolio_id = ANY ((SELECT security.perimeter())::integer[])
    OR (SELECT security.has_role('executive', 'operations', 'auditor'));

GRANT SELECT ON figures.missing_member TO helio_web;
