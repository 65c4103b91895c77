-- Purpose: lets raw bytes go whose time is over. Of a file whose text is its bytes nothing is kept
--          beside the lines, which stay: it is marked, and given out as received no more.
-- Grain:   one row per file whose bytes went.
-- Owner:   helio_guard.  Caller: helio_worker, every night (ingestion/ways/retention.py).

CREATE OR REPLACE FUNCTION security.expire_bytes(dry boolean, most integer)
    RETURNS TABLE (file_id integer, source_name text, file_name text, size bigint, received_at timestamptz)
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp
    AS $$
    #variable_conflict use_column
    DECLARE
        expired integer[];
    BEGIN
        expired := ARRAY(
            SELECT source_file.id
              FROM source_file JOIN source ON source.id = source_file.source_id
             WHERE source.keep_bytes_days IS NOT NULL
               AND source_file.received_at < now() - make_interval(days => source.keep_bytes_days)
               -- A file that waits to be loaded is not read yet.
               AND source_file.status <> 'landed'
               AND source_file.bytes_expired_at IS NULL
               AND (source_file.bytes_are_text
                    OR EXISTS (SELECT FROM source_part WHERE source_part.file_id = source_file.id))
             ORDER BY source_file.id
             LIMIT most);
        IF NOT dry THEN
            DELETE FROM source_part WHERE source_part.file_id = ANY (expired);
            UPDATE source_file SET bytes_expired_at = now() WHERE source_file.id = ANY (expired);
        END IF;
        RETURN QUERY
            SELECT source_file.id, source.name::text, source_file.name::text, source_file.size,
                   source_file.received_at
              FROM source_file JOIN source ON source.id = source_file.source_id
             WHERE source_file.id = ANY (expired)
             ORDER BY source_file.id;
    END
    $$;
