-- Purpose: the source line behind a fact, as received, for whoever may see the fact.
-- Grain:   one row per fact; ask for one file_id and line_no.
-- Owner:   helio_gate.  Reader: helio_web. Other lines of the same file stay closed.

CREATE VIEW figures.source_line WITH (security_barrier) AS
SELECT DISTINCT
       portfolio_id,
       file_id,
       line_no,
       source_name,
       source_title,
       file_name,
       sha256,
       received_at,
       rtrim(split_part(body, E'\n', line_no - first_line + 1), E'\r') AS line_text
  FROM rollup.fact_line
 WHERE portfolio_id = ANY ((SELECT security.perimeter())::integer[]);

GRANT SELECT ON figures.source_line TO helio_web;
