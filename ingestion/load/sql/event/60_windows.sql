-- Purpose: says until when each version was believed: until the first higher version was known.
--          A version captured after a higher one was never believed: its window is empty.
-- Grain:   one row per ledger entry of the references in this load that have several versions.
-- Owner:   helio_worker, while loading, after 58.

WITH due AS (
    SELECT entry.id,
           greatest(entry.known_from, min(higher.known_from)) AS known_to
      FROM staging.renewed
      JOIN public.transaction AS entry ON entry.source = renewed.source
                                      AND entry.source_reference = renewed.reference
      JOIN public.event_version AS higher ON higher.source = entry.source
                                         AND higher.reference = entry.source_reference
                                         AND higher.version > entry.source_version
                                         AND NOT higher.held
     WHERE renewed.batch_id = %(batch)s::integer
     GROUP BY entry.id
), closed AS (
    UPDATE public.transaction AS entry
       SET known_to = due.known_to,
           ended_by_batch_id = CASE WHEN entry.known_to IS NULL THEN %(batch)s::integer ELSE entry.ended_by_batch_id END
      FROM due
     WHERE entry.id = due.id
       -- a window only ever shrinks: what lost effect with its mapping stays closed
       AND (entry.known_to IS NULL OR due.known_to < entry.known_to)
    RETURNING entry.portfolio_id, entry.effective_on
)
INSERT INTO staging.touched (batch_id, portfolio_id, from_on)
SELECT %(batch)s::integer, portfolio_id, min(effective_on)
  FROM closed
 GROUP BY portfolio_id
