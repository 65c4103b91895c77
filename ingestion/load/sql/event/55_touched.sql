-- Purpose: whose ledger the new entries change, and from which day on.
-- Grain:   one row per portfolio.  Owner: helio_worker, while loading.

INSERT INTO staging.touched (batch_id, portfolio_id, from_on)
SELECT %(batch)s::integer, portfolio_id, min(on_day)
  FROM staging.event
 WHERE batch_id = %(batch)s::integer
   AND outcome IS NULL AND code IS NULL AND status <> 'CANCEL'
 GROUP BY portfolio_id
