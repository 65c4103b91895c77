-- Purpose: what a run of a check means for each finding: new, changed, closed, opened again.
-- Grain:   one row per finding that is seen now or lies where the check looked.
-- Owner:   helio_worker, within one transaction.  Readers: 920, 930 and 940.
--          A finding that a person resolved or dismissed stays so while its cause lasts; one whose
--          cause went away is opened again when it comes back, whoever had closed it.

CREATE TEMPORARY TABLE verdict ON COMMIT DROP AS
WITH known AS (
    SELECT finding.*,
           code = ANY (%(gone_codes)s::text[])
           AND (%(portfolios)s::integer[] IS NULL OR portfolio_id = ANY (%(portfolios)s::integer[]))
           AND (%(listings)s::integer[] IS NULL OR listing_id = ANY (%(listings)s::integer[]))
           AND (%(days_from)s::date IS NULL OR finding_day >= %(days_from)s::date) AS was_looked_at
      FROM public.finding
     WHERE code = ANY (%(gone_codes)s::text[]) OR code IN (SELECT code FROM seen)
), paired AS (
    SELECT known.id, known.state AS state_before, known.closed_because AS closed_before,
           known.still_true AS true_before, known.sentence AS sentence_before, known.evidence AS evidence_before,
           known.portfolio_id AS portfolio_before, known.listing_id AS listing_before,
           seen.*, seen.code IS NOT NULL AND NOT seen.ceased AS found,
           CASE WHEN seen.code IS NOT NULL THEN seen.closed_because
                WHEN known.still_true THEN 'The check finds it no more: its cause is gone.'
                ELSE known.closed_because END AS closed_after
      FROM seen
      FULL JOIN known ON known.code = seen.code AND known.source = seen.source AND known.subject = seen.subject
                     AND coalesce(known.finding_day, '-infinity') = coalesce(seen.finding_day, '-infinity')
     -- what has ceased before it was ever raised is not raised
     WHERE (seen.code IS NOT NULL AND NOT (seen.ceased AND known.id IS NULL))
        OR (known.was_looked_at AND known.still_true)
)
SELECT paired.*,
       CASE WHEN id IS NULL AND closed_after = ''                               THEN 'open'
            WHEN id IS NULL                                                     THEN 'resolved'
            WHEN closed_before <> '' AND closed_after = ''                      THEN 'open'
            WHEN closed_before = '' AND closed_after <> '' AND state_before IN ('open', 'acknowledged')
                                                                                THEN 'resolved'
            ELSE state_before END AS state_after
  FROM paired
