-- Purpose: whose figures a mapping changes, and from which day on.
-- Grain:   one row per portfolio, or per listing whose prices changed.  Owner: helio_worker.

SELECT coalesce(portfolio.code, '') AS portfolio_code,
       coalesce(portfolio.code, listing.key) AS subject,
       min(affected.from_on) AS from_on
  FROM affected
  LEFT JOIN portfolio ON portfolio.id = affected.portfolio_id
  LEFT JOIN listing ON listing.id = affected.listing_id
 WHERE affected.batch_id = %(batch)s::integer
   AND coalesce(portfolio.code, listing.key) IS NOT NULL
 GROUP BY 1, 2
