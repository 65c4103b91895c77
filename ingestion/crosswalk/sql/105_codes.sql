-- Purpose: everything the crosswalk now says about some codes, so that a reader looks each up once.
-- Grain:   one row per code, scope and stretch of use.  Owner: helio_worker, while reading.
--          %(schemes)s and %(values)s go in pairs. Codes that people mapped are left to 110, which
--          knows their rules.

SELECT identifier.scheme,
       identifier.value,
       identifier.scope,
       identifier.listing_id,
       identifier.valid_from,
       identifier.valid_to,
       venue.time_zone,
       (SELECT past.known_from
          FROM public.identifier AS past
         WHERE past.scheme = identifier.scheme AND past.value = identifier.value
           AND past.scope = identifier.scope AND past.listing_id = identifier.listing_id
           AND past.source <> 'operations'
         ORDER BY past.known_from NULLS FIRST
         LIMIT 1) AS mapped_from,
       identifier.source = 'operations' AS by_people
  FROM unnest(%(schemes)s::text[], %(values)s::text[]) AS asked (scheme, value)
  JOIN public.identifier ON identifier.scheme = asked.scheme
                        AND identifier.value = asked.value
                        AND identifier.known_to IS NULL
  JOIN public.listing ON listing.id = identifier.listing_id
  LEFT JOIN public.venue ON venue.segment_mic = listing.segment_mic
