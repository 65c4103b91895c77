-- Purpose: days on which venues trade; what is known is a repetition.
-- Grain:   one row per operating MIC and day.  Owner: helio_worker, while loading.

WITH added AS (
    INSERT INTO public.market_session (operating_mic, open_on)
    SELECT DISTINCT operating_mic, open_on
      FROM staging.market_session
     WHERE batch_id = %(batch)s::integer
     ORDER BY operating_mic, open_on
        ON CONFLICT (operating_mic, open_on) DO NOTHING
    RETURNING operating_mic, open_on
)
UPDATE staging.market_session AS staged
   SET outcome = CASE WHEN EXISTS (SELECT FROM added
                                    WHERE added.operating_mic = staged.operating_mic
                                      AND added.open_on = staged.open_on) THEN 'loaded' ELSE 'duplicate' END
 WHERE batch_id = %(batch)s::integer
