-- Purpose: records that bytes came again; they have no effect.
-- Grain:   one row per repeated delivery.  Owner: helio_worker, while landing.

INSERT INTO source_file (source_id, batch_id, parent_id, duplicate_of_id, name, kind, sha256, size,
                         line_count, received_by, way, sequence, definition_digest, status, sentence,
                         received, loaded, superseded, duplicate, quarantined, rejected)
SELECT %(source)s, %(batch)s, %(parent)s, original.id, %(name)s, original.kind, %(sha256)s, %(size)s,
       0, %(by)s, %(way)s, original.sequence, %(digest)s, 'duplicate',
       format('Same bytes as %%s.', original.name), 0, 0, 0, 0, 0, 0
  FROM source_file AS original
 WHERE original.id = %(original)s
RETURNING id
