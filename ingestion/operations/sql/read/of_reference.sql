-- Purpose: the ledger entries under one number and version, the first delivered first.
-- Grain:   one row per ledger entry.  Owner: helio_web, on behalf of operations and auditors.

SELECT record, id, file_id, line_no, batch_id, known_from, known_to, about_on, listing_id, version,
       portfolio_id, portfolio_code, listing_key, reference, kind
  FROM figures.line_fact
 WHERE record = 'transaction'
   AND reference = %(reference)s::text
   AND version = %(version)s::integer
 ORDER BY id
