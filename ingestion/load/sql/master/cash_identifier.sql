-- Purpose: a currency code is the identifier of its cash.
-- Grain:   one row per currency.  Owner: helio_worker, while loading, after cash_instrument.sql.

INSERT INTO public.identifier (scheme, value, scope, listing_id, source, evidence)
SELECT 'CASH', listing.price_currency, '', listing.id, 'helio', 'cash of the currency'
  FROM public.listing
 WHERE listing.key = 'CASH:' || listing.price_currency
   AND NOT EXISTS (SELECT FROM public.identifier
                    WHERE scheme = 'CASH' AND value = listing.price_currency AND known_to IS NULL)
