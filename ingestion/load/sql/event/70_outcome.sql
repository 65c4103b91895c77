-- Purpose: what became of the events that were not simply loaded (an empty outcome says that):
--          superseded, since a higher version was known, or held.
-- Grain:   one row per such event.  Owner: helio_worker, while loading, after 58.

WITH highest AS (
    SELECT renewed.source, renewed.reference, max(known.version) AS version
      FROM staging.renewed
      JOIN public.event_version AS known ON known.source = renewed.source
                                        AND known.reference = renewed.reference
                                        AND NOT known.held
     WHERE renewed.batch_id = %(batch)s::integer
     GROUP BY renewed.source, renewed.reference
), ended AS (
    SELECT staged.row_id, 'superseded' AS outcome
      FROM staging.event AS staged
      JOIN highest ON highest.source = staged.source
                  AND highest.reference = staged.reference
                  AND highest.version > staged.version
     WHERE staged.batch_id = %(batch)s::integer AND staged.outcome IS NULL AND staged.code IS NULL
    UNION ALL
    SELECT row_id, 'quarantined'
      FROM staging.event
     WHERE batch_id = %(batch)s::integer AND outcome IS NULL AND code IS NOT NULL
)
UPDATE staging.event AS staged
   SET outcome = ended.outcome
  FROM ended
 WHERE ended.row_id = staged.row_id
