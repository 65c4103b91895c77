-- Purpose: the same bytes under another name are worth telling; under the same name they are the
--          same delivery once more, which the batch's counts already say.
-- Grain:   one row per repeated delivery.  Owner: helio_worker, after the last wave of a batch.

INSERT INTO exception_item (source_id, batch_id, file_id, line_no, code, reason, sentence, raw_text,
                            reference, version, known_from, state, outcome, record, staged)
SELECT repeat.source_id, repeat.batch_id, repeat.id, NULL, 'DUPLICATE_FILE',
       format('same bytes as %%s', original.name),
       format('%%s holds the same bytes as %%s, received before: it has no effect.', repeat.name, original.name),
       '', repeat.name, NULL, coalesce(original.made_at, repeat.received_at), 'skipped', 'skipped', '', NULL
  FROM source_file AS repeat
  JOIN source_file AS original ON original.id = repeat.duplicate_of_id
 WHERE repeat.batch_id = %(batch)s::integer
   AND repeat.name <> original.name
   -- told once, however often the folder is delivered again
   AND NOT EXISTS (SELECT FROM exception_item AS told
                    WHERE told.source_id = repeat.source_id
                      AND told.code = 'DUPLICATE_FILE'
                      AND told.reference = repeat.name)
 ORDER BY repeat.id
