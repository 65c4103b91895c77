-- Purpose: finds the portfolio of each staged book or account.
-- Grain:   one row per staged key.  Owner: helio_worker, while loading, after portfolios.

UPDATE staging.portfolio_key AS staged
   SET portfolio_id = target.id,
       code         = CASE WHEN target.id IS NULL THEN 'UNKNOWN_PORTFOLIO' END,
       reason       = CASE WHEN target.id IS NULL THEN staged.portfolio_code END,
       sentence     = CASE WHEN target.id IS NULL THEN format('There is no portfolio %%s.', staged.portfolio_code) END
  FROM (SELECT each.row_id, portfolio.id
          FROM staging.portfolio_key AS each
          LEFT JOIN public.portfolio ON portfolio.code = each.portfolio_code
         WHERE each.batch_id = %(batch)s::integer AND each.outcome IS NULL) AS target
 WHERE staged.row_id = target.row_id
