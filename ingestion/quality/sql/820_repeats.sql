-- Purpose: keeps what a load found to be delivered before, of each file the first hundred, before
--          the staged records go.
-- Grain:   one row per repeated record.
-- Owner:   helio_worker, while loading.  {staging} is a staging table; {subject} and {day} say what
--          a record is about. Replays and records beside another are not deliveries of their own.

INSERT INTO public.repeated_record (file_id, line_no, record, batch_id, subject, day, of_file, portfolio_id, listing_id)
SELECT file_id, line_no, %(record)s, %(batch)s, left(subject, 255), day, of_file, portfolio_id, listing_id
  FROM (SELECT staged.file_id, staged.line_no, {subject} AS subject, {day} AS day,
               staged.portfolio_id, staged.listing_id,
               row_number() OVER (PARTITION BY staged.file_id ORDER BY staged.line_no) AS place,
               count(*)     OVER (PARTITION BY staged.file_id)                         AS of_file
          FROM {staging} AS staged
          LEFT JOIN public.listing ON listing.id = staged.listing_id
         WHERE staged.batch_id = %(batch)s AND staged.outcome = 'duplicate'
           AND staged.held_item IS NULL AND NOT staged.beside) AS repeated
 WHERE place <= 100
    ON CONFLICT (file_id, line_no, record) DO NOTHING
