-- Purpose: fixings, index levels, terms of corporate actions and custody holdings that a source
--          states otherwise than the one that decides.
-- Grain:   one row per source that does not decide and fact. Units and terms must agree exactly.
-- Owner:   helio_worker.  Readers: quality/sources.py.

WITH stated AS (
    SELECT 'fx_fixing' AS fact, id, file_id, line_no, known_from, known_to, ended_at, copy_of,
           base_currency || quote_currency AS subject, fixed_on AS day, rate AS number,
           trim_scale(rate)::text AS said, NULL::integer AS portfolio_id, NULL::integer AS listing_id
      FROM public.fx_fixing
    UNION ALL
    SELECT 'index_level', level.id, file_id, line_no, known_from, known_to, ended_at, copy_of,
           benchmark.code, level_on, level, trim_scale(level)::text, NULL, NULL
      FROM public.index_level AS level JOIN public.benchmark ON benchmark.id = level.benchmark_id
    UNION ALL
    SELECT 'corporate_action', action.id, file_id, line_no, known_from, known_to, ended_at, copy_of,
           listing.key || ' ' || action.kind, effective_on, NULL, terms::text, NULL, listing_id
      FROM public.corporate_action AS action JOIN public.listing ON listing.id = action.listing_id
    UNION ALL
    SELECT 'custody_holding', holding.id, file_id, line_no, known_from, known_to, ended_at, copy_of,
           portfolio.code || ' ' || account || ' ' || listing.key, as_at, NULL, trim_scale(units)::text,
           holding.portfolio_id, listing_id
      FROM public.custody_holding AS holding
      JOIN public.listing ON listing.id = holding.listing_id
      JOIN public.portfolio ON portfolio.id = holding.portfolio_id
), sourced AS (
    SELECT stated.*, source.name AS source
      FROM stated
      JOIN public.source_file ON source_file.id = stated.file_id
      JOIN public.source ON source.id = source_file.source_id
     WHERE EXISTS (SELECT FROM public.source_rank WHERE rank <> 50)
), aside AS (
    SELECT DISTINCT ON (fact, subject, day, source) *
      FROM sourced
     WHERE known_to IS NOT NULL AND ended_at IS NULL AND copy_of IS NULL
     ORDER BY fact, subject, day, source, known_from DESC, id DESC
)
SELECT 'SOURCES_DIFFER' AS code, aside.source, aside.subject, aside.day AS finding_day,
       format('%%s says %%s for %%s of %%s; %%s decides and says %%s.', aside.source, aside.said, aside.subject,
              aside.day, believed.source, believed.said) AS sentence,
       jsonb_build_object(
           'numbers', jsonb_build_object('decides', believed.source, 'believed', believed.said, 'other', aside.said),
           'rows', jsonb_build_array(
               jsonb_build_object('fact', aside.fact, 'id', believed.id, 'file', believed.file_id, 'line', believed.line_no),
               jsonb_build_object('fact', aside.fact, 'id', aside.id, 'file', aside.file_id, 'line', aside.line_no))) AS evidence,
       aside.portfolio_id, aside.listing_id, aside.known_from, '' AS closed_because
  FROM aside
  JOIN sourced AS believed ON believed.fact = aside.fact AND believed.subject = aside.subject
                          AND believed.day = aside.day AND believed.known_to IS NULL
                          AND believed.source <> aside.source
 WHERE CASE WHEN aside.number IS NULL THEN believed.said <> aside.said
            ELSE abs(aside.number - believed.number) > %(source_tolerance)s * abs(believed.number) END
