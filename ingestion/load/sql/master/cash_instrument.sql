-- Purpose: cash is a listing too, one per currency that a portfolio, listing, fixing or index is in.
-- Grain:   one row per currency.  Owner: helio_worker, while loading.

WITH spoken AS (
    SELECT base_currency AS currency FROM public.portfolio
    UNION SELECT price_currency FROM public.listing
    UNION SELECT base_currency FROM public.fx_fixing
    UNION SELECT quote_currency FROM public.fx_fixing
    UNION SELECT currency FROM public.benchmark
), missing AS (
    SELECT currency FROM spoken
     WHERE NOT EXISTS (SELECT FROM public.listing WHERE listing.key = 'CASH:' || spoken.currency)
), made AS (
    MERGE INTO public.instrument
    USING (SELECT currency FROM missing ORDER BY currency) AS missing
       ON false
     WHEN NOT MATCHED THEN
          INSERT (name, security_type, sector, domicile)
          VALUES ('Cash ' || missing.currency, 'Cash', 'Cash', '')
    RETURNING missing.currency, instrument.id
)
INSERT INTO public.listing (key, instrument_id, figi, segment_mic, operating_mic, quote_unit, price_currency)
SELECT 'CASH:' || currency, id, NULL, '', '', currency, currency
  FROM made
 ORDER BY currency
