-- Purpose: keeps what a load found to be delivered before, of each file the first hundred, before
--          the staged records go.
-- Grain:   one row per repeated record.
-- Owner:   helio_worker, while loading.  {staging} is a staging table; {subject} and {day} say what
--          a record is about. Replays and records beside another are not deliveries of their own.

INSERT INTO public.repeated_record (file_id, line_no, record, batch_id, subject, day, of_file, portfolio_id, listing_id)
SELECT staged.file_id, staged.line_no, %(record)s, %(batch)s, left({subject}, 255), {day},
       greatest(staged.of_file, earlier.of_file), staged.portfolio_id, staged.listing_id
  -- the hundred first, then their names: a file may be repeated whole, by the million
  FROM (SELECT repeated.*,
               row_number() OVER (PARTITION BY file_id ORDER BY line_no) AS place,
               count(*)     OVER (PARTITION BY file_id)                  AS of_file
          FROM {staging} AS repeated
         WHERE batch_id = %(batch)s AND outcome = 'duplicate' AND held_item IS NULL AND NOT beside
       ) AS staged
  LEFT JOIN public.listing ON listing.id = staged.listing_id
 -- of a file that is loaded in parts, some may be kept already (815 has counted them all)
 CROSS JOIN LATERAL (SELECT count(*) AS kept, max(of_file) AS of_file
                       FROM public.repeated_record AS kept
                      WHERE kept.file_id = staged.file_id AND kept.record = %(record)s) AS earlier
 -- the first condition before the look at what is kept: a file may be repeated by the million
 WHERE staged.place <= 100 AND staged.place + earlier.kept <= 100
    ON CONFLICT (file_id, line_no, record) DO NOTHING
