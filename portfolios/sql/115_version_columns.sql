-- Purpose: everybody signed in may read which version stands, but not which portfolios it changed: that
--          would tell of portfolios outside their perimeter.
-- Owner:   helio_owner.  Readers: everybody signed in; helio_gate for figures.version_portfolio.

REVOKE SELECT ON version FROM helio_web;
GRANT SELECT (number, created_at, as_of, cause, batch_ids, source_ages, steps, changed_from, duration_ms)
   ON version TO helio_web;

GRANT SELECT (number, changed_portfolios) ON version TO helio_gate;
CREATE POLICY gate ON version FOR SELECT TO helio_gate USING (true);
