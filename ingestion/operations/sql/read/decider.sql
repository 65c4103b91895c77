-- Purpose: what is believed now about the same as a fact that is not: a better source's word, or a
--          later version.
-- Grain:   one row, or none.  Owner: helio_web, on behalf of operations and auditors.

SELECT record, id, file_id, line_no, batch_id, known_from, known_to, about_on, listing_id, version,
       portfolio_id, portfolio_code, listing_key, reference, kind
  FROM figures.line_fact
 WHERE record = %(record)s::text
   AND reference IS NOT DISTINCT FROM %(reference)s::text
   AND listing_id IS NOT DISTINCT FROM %(listing)s::integer
   AND about_on IS NOT DISTINCT FROM %(about)s::date
   AND portfolio_id IS NOT DISTINCT FROM %(portfolio)s::integer
   AND known_to IS NULL
   AND id <> %(id)s::bigint
 ORDER BY id
 LIMIT 1
