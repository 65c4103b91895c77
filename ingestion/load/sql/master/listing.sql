-- Purpose: listings with their venue and units; what is unchanged is a repetition.
-- Grain:   one row per listing.  Owner: helio_worker, while loading, after instrument.sql.

WITH stated AS (
    SELECT DISTINCT ON (staged.figi)
           staged.figi, staged.instrument_id, staged.segment_mic,
           coalesce(venue.operating_mic, staged.segment_mic) AS operating_mic,
           staged.quote_unit, staged.price_currency, staged.first_trading_on,
           staged.name, staged.security_type, coalesce(staged.sector, '') AS sector,
           coalesce(staged.domicile, '') AS domicile
      FROM staging.listing AS staged
      LEFT JOIN public.venue ON venue.segment_mic = staged.segment_mic
     WHERE staged.batch_id = %(batch)s::integer AND staged.code IS NULL
     ORDER BY staged.figi, staged.file_id DESC, staged.line_no DESC
), unchanged AS (
    SELECT stated.figi
      FROM stated
      JOIN public.listing AS now ON now.figi = stated.figi
      JOIN public.instrument ON instrument.id = now.instrument_id
     WHERE (now.segment_mic, now.operating_mic, now.quote_unit, now.price_currency, now.first_trading_on,
            instrument.security_type, instrument.sector, instrument.domicile)
           IS NOT DISTINCT FROM
           (stated.segment_mic, stated.operating_mic, stated.quote_unit, stated.price_currency,
            stated.first_trading_on, stated.security_type, stated.sector, stated.domicile)
), kept AS (
    INSERT INTO public.listing (key, instrument_id, figi, segment_mic, operating_mic, quote_unit,
                                price_currency, first_trading_on)
    SELECT figi || '@' || operating_mic, instrument_id, figi, segment_mic, operating_mic, quote_unit,
           price_currency, first_trading_on
      FROM stated
     WHERE figi NOT IN (SELECT figi FROM unchanged)
     ORDER BY figi
        ON CONFLICT (figi) DO UPDATE
       SET segment_mic = excluded.segment_mic, operating_mic = excluded.operating_mic,
           quote_unit = excluded.quote_unit, price_currency = excluded.price_currency,
           first_trading_on = excluded.first_trading_on
), described AS (
    UPDATE public.instrument AS now
       SET security_type = stated.security_type, sector = stated.sector, domicile = stated.domicile
      FROM stated
     WHERE now.id = stated.instrument_id AND stated.figi NOT IN (SELECT figi FROM unchanged)
)
UPDATE staging.listing AS staged
   SET outcome = CASE WHEN figi IN (SELECT figi FROM unchanged) THEN 'duplicate' ELSE 'loaded' END
 WHERE batch_id = %(batch)s::integer AND code IS NULL
