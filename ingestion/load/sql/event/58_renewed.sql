-- Purpose: the few references of this load that have more than one version, held ones too.
-- Grain:   one row per source and reference.  Owner: helio_worker, while loading.

INSERT INTO staging.renewed (batch_id, source, reference)
SELECT DISTINCT %(batch)s::integer, staged.source, staged.reference
  FROM staging.event AS staged
 -- One look each: joined as sets, the whole register would be read for every part of a file.
 CROSS JOIN LATERAL (SELECT FROM public.event_version AS other
                      WHERE other.source = staged.source
                        AND other.reference = staged.reference
                        AND other.version <> staged.version
                      LIMIT 1) AS other
 WHERE staged.batch_id = %(batch)s::integer AND staged.outcome IS NULL
