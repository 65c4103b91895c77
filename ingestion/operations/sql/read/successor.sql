-- Purpose: what took a fact's place: what is about the same and known from when the fact ended.
-- Grain:   one row, or none.  Owner: helio_web, on behalf of operations and auditors.

SELECT record, id, file_id, line_no, batch_id, known_from, known_to, about_on, listing_id, version,
       portfolio_id, portfolio_code, listing_key, reference, kind
  FROM figures.line_fact
 WHERE (record = %(record)s::text OR record = %(ended_by)s::text)
   AND reference IS NOT DISTINCT FROM %(reference)s::text
   AND (record IN ('transaction', 'cancel')
        OR listing_id IS NOT DISTINCT FROM %(listing)s::integer
           AND about_on IS NOT DISTINCT FROM %(about)s::date)
   AND known_from = %(ended)s::timestamptz
   AND (record <> %(record)s::text OR id <> %(id)s::bigint)
 ORDER BY record DESC, version, id
 LIMIT 1
