-- Purpose: portfolios without figures from a day on, and why.
-- Grain:   one row per such portfolio.
-- Owner:   helio_worker.  Readers: quality/results.py.

SELECT 'NO_FIGURES' AS code, 'helio' AS source, portfolio.code AS subject, gap.from_on AS finding_day,
       format('%%s has no figures from %%s on: %%s', portfolio.code, gap.from_on, gap.reason) AS sentence,
       jsonb_build_object('numbers', jsonb_build_object('reason', gap.reason), 'rows', '[]'::jsonb) AS evidence,
       gap.portfolio_id, NULL::integer AS listing_id, NULL::timestamptz AS known_from, '' AS closed_because
  FROM public.portfolio_gap AS gap
  JOIN public.portfolio ON portfolio.id = gap.portfolio_id
