-- Purpose: a form with files, brought by the person who asks.
-- Grain:   one row.  Owner: helio_web, by the policy "bring" (010_secure.sql).

INSERT INTO upload (source_id, uploaded_by_id, uploaded_by, state, tries, sentence)
VALUES (%(source)s, %(person)s, %(name)s, 'waiting', 0, '')
RETURNING id
