-- Purpose: a repeated file counts as many duplicates as its original (or its members) had records.
-- Grain:   one row per repeated delivery.  Owner: helio_worker, after the last wave of a batch.

UPDATE source_file AS repeat
   SET received = original.records, duplicate = original.records
  FROM (SELECT file.id, file.received + coalesce(sum(member.received), 0) AS records
          FROM source_file AS file
          LEFT JOIN source_file AS member ON member.parent_id = file.id
         GROUP BY file.id) AS original
 WHERE repeat.duplicate_of_id = original.id
   AND repeat.batch_id = %(batch)s::integer
   AND repeat.received = 0
