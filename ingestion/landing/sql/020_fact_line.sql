-- Purpose: finds the source line of every fact that belongs to a portfolio.
-- Grain:   one row per fact and the piece of the file that holds its line.
-- Owner:   helio_rollup.  Reader: helio_gate, which cuts it to the perimeter.

CREATE VIEW rollup.fact_line AS
WITH fact AS (
    SELECT portfolio_id, file_id, line_no FROM public.transaction
    UNION ALL
    SELECT portfolio_id, file_id, line_no FROM public.custody_holding
    UNION ALL
    SELECT portfolio_id, file_id, line_no FROM public.custody_posting
)
SELECT fact.portfolio_id,
       fact.file_id,
       fact.line_no,
       source_text.first_line,
       source_text.body,
       source_file.name AS file_name,
       source_file.sha256,
       source_file.received_at,
       source.name AS source_name,
       source.title AS source_title
  FROM fact
  JOIN public.source_text ON source_text.file_id = fact.file_id
                         AND fact.line_no BETWEEN source_text.first_line AND source_text.last_line
  JOIN public.source_file ON source_file.id = fact.file_id
  JOIN public.source      ON source.id = source_file.source_id;

GRANT SELECT ON rollup.fact_line TO helio_gate;
