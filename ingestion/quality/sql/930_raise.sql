-- Purpose: new findings.
-- Grain:   one row per finding.  Owner: helio_worker, within one transaction, after 910.

INSERT INTO public.finding (code, severity, source, subject, finding_day, sentence, evidence, portfolio_id,
                            portfolio_code, listing_id, known_from, still_true, closed_because, state,
                            first_batch, last_batch, first_version, last_version)
SELECT verdict.code, coalesce(weight.severity, 'error'), source, subject, finding_day, sentence, evidence, portfolio_id,
       coalesce((SELECT code FROM public.portfolio WHERE portfolio.id = verdict.portfolio_id), ''), listing_id, known_from, true, closed_after, state_after,
       %(batch)s, %(batch)s, %(version)s, %(version)s
  FROM verdict
  LEFT JOIN (SELECT unnest(%(codes)s::text[]) AS code, unnest(%(severities)s::text[]) AS severity) AS weight
         ON weight.code = verdict.code
 WHERE verdict.id IS NULL
 ORDER BY finding_day, verdict.code, subject
