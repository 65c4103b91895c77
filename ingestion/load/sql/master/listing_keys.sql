-- Purpose: names listings for people: last symbol @ operating MIC. Where two companies had the
--          same symbol, the one that has it now keeps the plain name.
-- Grain:   one row per listing.  Owner: helio_worker, while loading, after identifiers.
--          {key} is the name to give: run once with a name of its own for each, then for good,
--          because two listings may swap names.

WITH last_symbol AS (
    SELECT DISTINCT ON (listing.id)
           listing.id, listing.figi, listing.operating_mic, identifier.value AS symbol,
           coalesce(identifier.valid_to, 'infinity') AS used_until
      FROM public.listing
      JOIN public.identifier ON identifier.listing_id = listing.id
                            AND identifier.scheme = 'SYMBOL' AND identifier.known_to IS NULL
     -- a symbol that operations mapped (a misspelling, say) names a listing only without another
     ORDER BY listing.id, identifier.source = 'operations', coalesce(identifier.valid_to, 'infinity') DESC
), named AS (
    SELECT id,
           symbol || '@' || operating_mic
               || CASE WHEN row_number() OVER (PARTITION BY symbol, operating_mic
                                               ORDER BY used_until DESC, figi) > 1
                       THEN ':' || figi ELSE '' END AS key
      FROM last_symbol
)
UPDATE public.listing
   SET key = {key}
  FROM named
 WHERE named.id = listing.id AND listing.key <> named.key
