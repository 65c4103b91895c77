-- Purpose: the history of what the checks did: raised, closed, opened again.
-- Grain:   one row per step.  Owner: helio_worker, within one transaction, after 930.

INSERT INTO public.finding_event (finding_id, action, state, reason)
SELECT finding.id, 'raised', 'open', ''
  FROM verdict
  JOIN public.finding ON finding.code = verdict.code AND finding.source = verdict.source
                     AND finding.subject = verdict.subject
                     AND finding.finding_day IS NOT DISTINCT FROM verdict.finding_day
 WHERE verdict.id IS NULL
UNION ALL
SELECT finding.id, 'closed', 'resolved', verdict.closed_after
  FROM verdict
  JOIN public.finding ON finding.code = verdict.code AND finding.source = verdict.source
                     AND finding.subject = verdict.subject
                     AND finding.finding_day IS NOT DISTINCT FROM verdict.finding_day
 WHERE verdict.id IS NULL AND verdict.closed_after <> ''
UNION ALL
SELECT verdict.id,
       CASE WHEN verdict.state_after = 'open' THEN 'reopened' ELSE 'closed' END,
       verdict.state_after,
       CASE WHEN verdict.state_after = 'open' THEN 'Its cause is back.' ELSE verdict.closed_after END
  FROM verdict
 WHERE verdict.id IS NOT NULL AND verdict.state_after <> verdict.state_before
