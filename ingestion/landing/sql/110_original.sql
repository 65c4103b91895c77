-- Purpose: takes the bytes in unless they were received before; then no row comes back.
-- Grain:   one row per original file of a source.  Owner: helio_worker, while landing.

INSERT INTO source_file (source_id, batch_id, parent_id, name, kind, sha256, size, line_count,
                         received_by, way, sequence, definition_digest, status, sentence,
                         received, loaded, superseded, duplicate, quarantined, rejected)
VALUES (%(source)s, %(batch)s, %(parent)s, %(name)s, '', %(sha256)s, %(size)s, 0,
        %(by)s, %(way)s, '', %(digest)s, 'landed', '', 0, 0, 0, 0, 0, 0)
    ON CONFLICT (source_id, sha256) WHERE duplicate_of_id IS NULL DO NOTHING
RETURNING id
