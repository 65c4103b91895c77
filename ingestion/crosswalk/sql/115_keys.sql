-- Purpose: everything the crosswalk now says about some books or accounts of a system.
-- Grain:   one row per key and stretch of use.  Owner: helio_worker, while reading.

SELECT current_key.key,
       current_key.portfolio_id,
       current_key.valid_from,
       current_key.valid_to,
       (SELECT past.known_from
          FROM public.portfolio_key AS past
         WHERE past.system = current_key.system AND past.key = current_key.key
           AND past.portfolio_id = current_key.portfolio_id
           AND past.source <> 'operations'
         ORDER BY past.known_from NULLS FIRST
         LIMIT 1) AS mapped_from,
       current_key.source = 'operations' AS by_people
  FROM public.portfolio_key AS current_key
 WHERE current_key.system = %(system)s
   AND current_key.key = ANY (%(keys)s::text[])
   AND current_key.known_to IS NULL
