-- Purpose: a person's wish that a source be fetched now; a second wish meanwhile is the first.
-- Grain:   one row, none when it is wished for already.
-- Owner:   helio_web, by the policy "ask" (010_secure.sql).

INSERT INTO fetch_run (source_id, state, cause, asked_by, asked_by_id, worker, sentence, files,
                       bytes, attempts)
VALUES (%(source)s, 'asked', 'person', %(name)s, %(person)s, '', '', 0, 0, 0)
    ON CONFLICT DO NOTHING
RETURNING id
