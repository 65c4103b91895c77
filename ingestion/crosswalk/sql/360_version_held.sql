-- Purpose: a version that is held again supersedes nothing, and its replay registers it anew.
-- Grain:   one row per version of an event.  Owner: helio_worker, while a mapping is applied.

UPDATE event_version AS version
   SET held = true
  FROM public.transaction AS entry
  JOIN resting ON resting.fact_id = entry.id AND resting.record = 'event' AND resting.effective
 WHERE version.source = entry.source
   AND version.reference = entry.source_reference
   AND version.version = entry.source_version
