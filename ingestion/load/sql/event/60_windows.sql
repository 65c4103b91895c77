-- Purpose: says until when each version was believed: until the first higher version was known.
--          A version captured after a higher one was never believed: its window is empty.
-- Grain:   one row per ledger entry of the references in this load.
-- Owner:   helio_worker, while loading.

WITH delivered AS (
    SELECT DISTINCT source, reference
      FROM staging.event
     WHERE batch_id = %(batch)s::integer AND outcome IS NULL AND code IS NULL
), due AS (
    SELECT entry.id,
           greatest(entry.known_from, (
               SELECT min(higher.known_from)
                 FROM public.event_version AS higher
                WHERE higher.source = entry.source
                  AND higher.reference = entry.source_reference
                  AND higher.version > entry.source_version
                  AND NOT higher.held)) AS known_to,
           EXISTS (SELECT FROM public.event_version AS higher
                    WHERE higher.source = entry.source
                      AND higher.reference = entry.source_reference
                      AND higher.version > entry.source_version
                      AND NOT higher.held) AS ended
      FROM public.transaction AS entry
      JOIN delivered ON delivered.source = entry.source
                    AND delivered.reference = entry.source_reference
), closed AS (
    UPDATE public.transaction AS entry
       SET known_to = due.known_to
      FROM due
     WHERE entry.id = due.id AND due.ended
       -- a window only ever shrinks: what lost effect with its mapping stays closed
       AND (entry.known_to IS NULL OR due.known_to < entry.known_to)
    RETURNING entry.portfolio_id, entry.effective_on
)
INSERT INTO staging.touched (batch_id, portfolio_id, from_on)
SELECT %(batch)s::integer, portfolio_id, min(effective_on)
  FROM closed
 GROUP BY portfolio_id
