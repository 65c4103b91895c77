-- Purpose: the portfolios whose figures of a day are unknown, and why.
-- Grain:   one row per portfolio of the perimeter; for leadership, of the firm.
-- Readers: portfolios/figures/gaps.py, as helio_web.

SELECT code, desk, from_on, reason
  FROM figures.missing_member
 WHERE from_on <= %(as_of)s::date
   AND (%(portfolio_ids)s::integer[] IS NULL OR portfolio_id = ANY (%(portfolio_ids)s::integer[]))
 ORDER BY code;
