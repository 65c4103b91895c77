-- Purpose: the source line behind a price or a fixing, as received. Market data is for everyone.
-- Grain:   one row per price and fixing; ask for one record and id. Its file stays closed.
-- Owner:   helio_rollup.  Reader: helio_gate.

CREATE VIEW rollup.market_line AS
WITH fact AS (
    SELECT 'price' AS record, id, file_id, line_no, known_from, known_to FROM public.price
    UNION ALL
    SELECT 'fixing', id, file_id, line_no, known_from, known_to FROM public.fx_fixing
)
SELECT fact.record,
       fact.id,
       fact.line_no,
       fact.known_from,
       fact.known_to,
       source.title AS source_title,
       source_file.name AS file_name,
       source_file.sha256,
       source_file.received_at,
       rtrim(split_part(source_text.body, E'\n', fact.line_no - source_text.first_line + 1), E'\r') AS line_text
  FROM fact
  JOIN public.source_file ON source_file.id = fact.file_id
  JOIN public.source      ON source.id = source_file.source_id
  LEFT JOIN public.source_text ON source_text.file_id = fact.file_id
                              AND fact.line_no BETWEEN source_text.first_line AND source_text.last_line;

GRANT SELECT ON rollup.market_line TO helio_gate;
