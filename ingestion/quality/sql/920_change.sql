-- Purpose: brings known findings up to what their check says now; one that says the same as before
--          is not touched.
-- Grain:   one row per finding.  Owner: helio_worker, within one transaction, after 910.

UPDATE public.finding
   SET sentence       = coalesce(verdict.sentence, finding.sentence),
       evidence       = coalesce(verdict.evidence, finding.evidence),
       portfolio_id   = CASE WHEN verdict.found THEN verdict.portfolio_id ELSE finding.portfolio_id END,
       portfolio_code = CASE WHEN verdict.found THEN coalesce((SELECT code FROM public.portfolio WHERE portfolio.id = verdict.portfolio_id), '')
                             ELSE finding.portfolio_code END,
       listing_id     = CASE WHEN verdict.found THEN verdict.listing_id ELSE finding.listing_id END,
       still_true     = verdict.found,
       closed_because = verdict.closed_after,
       state          = verdict.state_after,
       changed_at     = now(),
       last_batch     = %(batch)s,
       last_version   = %(version)s
  FROM verdict
 WHERE finding.id = verdict.id
   AND (verdict.found, verdict.closed_after, verdict.state_after)
       IS DISTINCT FROM (verdict.true_before, verdict.closed_before, verdict.state_before)
    OR finding.id = verdict.id AND verdict.found
   AND (verdict.sentence, verdict.evidence, verdict.portfolio_id, verdict.listing_id)
       IS DISTINCT FROM (verdict.sentence_before, verdict.evidence_before, verdict.portfolio_before, verdict.listing_before)
