-- Purpose: records that replace or cancel another, and versions captured after a higher one.
-- Grain:   one row per version of an event and trouble.
-- Owner:   helio_worker.  Readers: quality/trades.py.

WITH looked_at AS (
    SELECT version.*
      FROM public.event_version AS version
     WHERE %(everything)s
        OR (version.source, version.reference) IN (
               SELECT touched.source, touched.reference FROM public.event_version AS touched
                WHERE touched.batch_id = ANY (%(batches)s::integer[]))
), spoken AS (
    SELECT looked_at.*,
           CASE status WHEN 'AMEND' THEN 'AMENDED' ELSE 'CANCELLED' END AS code,
           (SELECT max(lower.version) FROM looked_at AS lower
             WHERE lower.source = looked_at.source AND lower.reference = looked_at.reference
               AND lower.version < looked_at.version) AS other
      FROM looked_at
     WHERE status IN ('AMEND', 'CANCEL')
    UNION ALL
    SELECT looked_at.*, 'VERSION_OUT_OF_ORDER', overtaken.by_version
      FROM looked_at
      JOIN (SELECT lower.id, max(higher.version) AS by_version
              FROM looked_at AS lower
              JOIN looked_at AS higher ON higher.source = lower.source
                                      AND higher.reference = lower.reference
                                      AND higher.version > lower.version
                                      AND higher.known_from < lower.known_from
             GROUP BY lower.id) AS overtaken ON overtaken.id = looked_at.id
)
SELECT code, source, format('%%s v%%s', reference, version) AS subject,
       (known_from AT TIME ZONE 'UTC')::date AS finding_day,
       CASE code WHEN 'AMENDED'   THEN format('%%s version %%s replaces version %%s.', reference, version, coalesce(other::text, 'that has not come'))
                 WHEN 'CANCELLED' THEN format('%%s version %%s cancels version %%s.', reference, version, coalesce(other::text, 'that has not come'))
                 ELSE format('%%s version %%s was captured after version %%s; it has no effect.', reference, version, other) END AS sentence,
       jsonb_build_object('numbers', jsonb_build_object('version', version, 'other version', other),
                          'rows', jsonb_build_array(jsonb_build_object(
                              'fact', 'event_version', 'id', spoken.id, 'file', file_id, 'line', line_no))) AS evidence,
       belongs.portfolio_id, belongs.listing_id, known_from, '' AS closed_because
  FROM spoken
  LEFT JOIN LATERAL (
       SELECT entry.portfolio_id, entry.listing_id FROM public.transaction AS entry
        WHERE entry.source = spoken.source AND entry.source_reference = spoken.reference
        ORDER BY entry.source_version DESC LIMIT 1) AS belongs ON true
