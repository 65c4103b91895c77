-- Purpose: of a file whose earlier part had repetitions, the number grows by those of this part.
-- Grain:   one row per repeated record that is kept already.
-- Owner:   helio_worker, while loading, before 820.  {staging} is a staging table.

UPDATE public.repeated_record AS kept
   SET of_file = kept.of_file + more.number
  FROM (SELECT file_id, count(*) AS number
          FROM {staging}
         WHERE batch_id = %(batch)s AND outcome = 'duplicate' AND held_item IS NULL AND NOT beside
         GROUP BY file_id) AS more
 WHERE kept.file_id = more.file_id AND kept.record = %(record)s
