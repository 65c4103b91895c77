-- Purpose: one file of an upload that nobody has begun to take in.
-- Grain:   one row.  Owner: helio_web, by the policy "bring" (010_secure.sql).

INSERT INTO uploaded_file (upload_id, name, size, sha256)
VALUES (%(upload)s, %(name)s, %(size)s, %(sha256)s)
RETURNING id
