-- Purpose: the custodian's statements to compare: what each portfolio's accounts hold on each day.
-- Grain:   one row per portfolio, statement day and listing.
-- Owner:   helio_worker.  Readers: 419 to 422, in the same transaction.

CREATE TEMPORARY TABLE held ON COMMIT DROP AS
WITH line AS (
    -- A corrected statement replaces the whole account's, lines that are gone included.
    SELECT portfolio_id, account, as_at, listing_id, units, known_from,
           max(known_from) OVER (PARTITION BY portfolio_id, account, as_at) AS newest
      FROM public.custody_holding
     WHERE as_at >= %(custody_from)s
       AND (%(everything)s OR portfolio_id = ANY (%(portfolios)s::integer[]))
)
SELECT portfolio_id, as_at, listing_id, sum(units) AS units, max(known_from) AS made_at
  FROM line
 WHERE known_from = newest
 GROUP BY portfolio_id, as_at, listing_id
