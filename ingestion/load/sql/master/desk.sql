-- Purpose: desks of the staged portfolios, with the time zone their records are written in.
-- Grain:   one row per desk.  Owner: helio_worker, while loading.

INSERT INTO public.desk (name, time_zone)
SELECT DISTINCT ON (desk) desk, desk_time_zone
  FROM staging.portfolio
 WHERE batch_id = %(batch)s::integer
 ORDER BY desk, file_id DESC, line_no DESC
    ON CONFLICT (name) DO UPDATE SET time_zone = excluded.time_zone
 WHERE desk.time_zone <> excluded.time_zone
