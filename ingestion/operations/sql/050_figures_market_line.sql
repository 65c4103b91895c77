-- Purpose: the source line behind a price or a fixing, for everyone who is signed in.
-- Grain:   one row per price and fixing; ask for one record and id.
-- Owner:   helio_gate.  Reader: helio_web.

CREATE VIEW figures.market_line WITH (security_barrier) AS
SELECT record, id, line_no, known_from, known_to, source_title, file_name, sha256, received_at, line_text
  FROM rollup.market_line
 WHERE (SELECT security.uid()) IS NOT NULL;

GRANT SELECT ON figures.market_line TO helio_web;
