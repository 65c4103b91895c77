-- Purpose: what some lines of a file became.
-- Grain:   one row per version of a fact.  Owner: helio_web, on behalf of operations and auditors.

SELECT record, id, file_id, line_no, batch_id, known_from, known_to, about_on, listing_id, version,
       portfolio_id, portfolio_code, listing_key, reference, kind
  FROM figures.line_fact
 WHERE file_id = %(file)s::integer
   AND line_no BETWEEN %(first)s::integer AND %(last)s::integer
 ORDER BY line_no, record, id
