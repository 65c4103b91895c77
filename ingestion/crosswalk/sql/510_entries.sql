-- Purpose: the ledger entries that a mapping gives, and those it takes, in units and cash.
-- Grain:   one row per portfolio, listing, currency and direction.  Owner: helio_worker.

SELECT portfolio.code, listing.key, entry.currency, true AS is_new,
       count(*), sum(entry.units), sum(entry.cash_effect)
  FROM transaction AS entry
  JOIN portfolio ON portfolio.id = entry.portfolio_id
  LEFT JOIN listing ON listing.id = entry.listing_id
 WHERE entry.batch_id = %(batch)s::integer AND entry.known_to IS NULL
 GROUP BY 1, 2, 3
UNION ALL
-- what the mapping ended, ended at its very instant
SELECT portfolio.code, listing.key, entry.currency, false,
       count(*), sum(entry.units), sum(entry.cash_effect)
  FROM transaction AS entry
  JOIN portfolio ON portfolio.id = entry.portfolio_id
  LEFT JOIN listing ON listing.id = entry.listing_id
 WHERE entry.known_to = greatest(entry.known_from, %(at)s::timestamptz)
   AND entry.known_to >= %(at)s::timestamptz AND entry.batch_id <> %(batch)s::integer
 GROUP BY 1, 2, 3
