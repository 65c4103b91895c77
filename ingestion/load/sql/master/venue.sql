-- Purpose: venues as the vendor lists them; what is unchanged is a repetition.
-- Grain:   one row per market segment.  Owner: helio_worker, while loading.

WITH stated AS (
    SELECT DISTINCT ON (segment_mic) segment_mic, operating_mic, time_zone, coalesce(name, '') AS name
      FROM staging.venue
     WHERE batch_id = %(batch)s::integer
     ORDER BY segment_mic, file_id DESC, line_no DESC
), unchanged AS (
    SELECT venue.segment_mic
      FROM public.venue JOIN stated USING (segment_mic, operating_mic, time_zone, name)
), kept AS (
    INSERT INTO public.venue (segment_mic, operating_mic, time_zone, name)
    SELECT segment_mic, operating_mic, time_zone, name
      FROM stated
     WHERE segment_mic NOT IN (SELECT segment_mic FROM unchanged)
        ON CONFLICT (segment_mic) DO UPDATE
       SET operating_mic = excluded.operating_mic, time_zone = excluded.time_zone, name = excluded.name
)
UPDATE staging.venue AS staged
   SET outcome = CASE WHEN segment_mic IN (SELECT segment_mic FROM unchanged) THEN 'duplicate' ELSE 'loaded' END
 WHERE batch_id = %(batch)s::integer
