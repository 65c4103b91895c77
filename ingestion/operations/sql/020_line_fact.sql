-- Purpose: what a source line became: every fact with the file and line it came from.
-- Grain:   one row per version of a fact; a cancel has a row too, for it ends its predecessor.
-- Owner:   helio_rollup.  Reader: helio_gate, which shows it to operations and auditors.
--          No amounts: they stand in the line, and the fact itself is for whoever holds a grant.

CREATE VIEW rollup.line_fact AS
WITH fact (record, id, file_id, line_no, batch_id, known_from, known_to, about_on, portfolio_id, listing_id, reference, version, kind) AS (
    SELECT 'transaction', id, file_id, line_no, batch_id, known_from, known_to, effective_on,
           portfolio_id, listing_id, source_reference::text, source_version, kind::text
      FROM public.transaction
    UNION ALL
    SELECT 'cancel', id, file_id, line_no, batch_id, known_from, NULL, NULL,
           NULL, NULL, reference::text, version, 'CANCEL'
      FROM public.event_version WHERE status = 'CANCEL' AND NOT held
    UNION ALL
    SELECT 'price', id, file_id, line_no, batch_id, known_from, known_to, priced_on,
           NULL, listing_id, NULL, revision, unit::text
      FROM public.price
    UNION ALL
    SELECT 'fixing', id, file_id, line_no, batch_id, known_from, known_to, fixed_on,
           NULL, NULL, base_currency || quote_currency, NULL, NULL
      FROM public.fx_fixing
    UNION ALL
    SELECT 'index level', level.id, file_id, line_no, batch_id, known_from, known_to, level_on,
           NULL, NULL, benchmark.code::text, NULL, NULL
      FROM public.index_level AS level JOIN public.benchmark ON benchmark.id = level.benchmark_id
    UNION ALL
    SELECT 'index weight', weight.id, file_id, line_no, batch_id, known_from, known_to, NULL,
           NULL, listing_id, benchmark.code::text, NULL, NULL
      FROM public.index_weight AS weight JOIN public.benchmark ON benchmark.id = weight.benchmark_id
    UNION ALL
    SELECT 'corporate action', id, file_id, line_no, batch_id, known_from, known_to, effective_on,
           NULL, listing_id, NULL, NULL, kind::text
      FROM public.corporate_action
    UNION ALL
    SELECT 'custody holding', id, file_id, line_no, batch_id, known_from, known_to, as_at,
           portfolio_id, listing_id, account::text, NULL, NULL
      FROM public.custody_holding
    UNION ALL
    SELECT 'custody posting', id, file_id, line_no, batch_id, known_from, known_to, value_on,
           portfolio_id, listing_id, posting_no::text, NULL, code::text
      FROM public.custody_posting
    UNION ALL
    SELECT 'identifier', id, file_id, line_no, batch_id, known_from, known_to, valid_from,
           NULL, listing_id, scheme || ' ' || value, NULL, NULL
      FROM public.identifier
    UNION ALL
    SELECT 'portfolio key', id, file_id, line_no, batch_id, known_from, known_to, valid_from,
           portfolio_id, NULL, system || ' ' || key, NULL, NULL
      FROM public.portfolio_key
)
SELECT fact.record,
       fact.id,
       fact.file_id,
       fact.line_no,
       fact.batch_id,
       fact.known_from,
       fact.known_to,
       fact.about_on,
       fact.listing_id,
       fact.version,
       fact.portfolio_id,
       portfolio.code AS portfolio_code,
       listing.key    AS listing_key,
       fact.reference,
       fact.kind
  FROM fact
  LEFT JOIN public.portfolio ON portfolio.id = fact.portfolio_id
  LEFT JOIN public.listing   ON listing.id = fact.listing_id;

GRANT SELECT ON rollup.line_fact TO helio_gate;
