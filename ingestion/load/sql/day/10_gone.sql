-- Purpose: lines of a custody statement that a newer one of the same source, account and day lacks:
--          their source stands by them no more from when the newer one was made.
-- Grain:   one row per line that is gone, in staging.contested for its judgement.
-- Owner:   helio_worker, while loading, after the exceptions of the load were written. Only files of
--          kinds that state whole days count, and only while none of their lines is open.

WITH account_day AS (
    SELECT DISTINCT holding.portfolio_id, holding.account, holding.as_at, source_file.source_id
      FROM public.source_file
      JOIN public.custody_holding AS holding ON holding.file_id = source_file.id
     WHERE source_file.id = ANY (%(files)s::integer[]) AND source_file.states_days
), line AS MATERIALIZED (
    SELECT holding.id, account_day.portfolio_id, account_day.account, account_day.as_at,
           account_day.source_id, holding.listing_id, holding.file_id, holding.known_from,
           source_file.states_days
             AND NOT EXISTS (SELECT FROM public.exception_item AS item
                              WHERE item.file_id = source_file.id AND item.state IN ('held', 'rejected')) AS complete
      FROM account_day
      JOIN public.custody_holding AS holding ON holding.portfolio_id = account_day.portfolio_id
                                            AND holding.account = account_day.account
                                            AND holding.as_at = account_day.as_at
                                            AND holding.copy_of IS NULL
      JOIN public.source_file ON source_file.id = holding.file_id
                             AND source_file.source_id = account_day.source_id
), statement AS (
    SELECT portfolio_id, account, as_at, source_id, file_id, max(known_from) AS made_at
      FROM line
     WHERE complete
     GROUP BY portfolio_id, account, as_at, source_id, file_id
), gone AS (
    SELECT line.id, min(statement.made_at) AS ended_at
      FROM line
      JOIN statement ON statement.portfolio_id = line.portfolio_id AND statement.account = line.account
                    AND statement.as_at = line.as_at AND statement.source_id = line.source_id
                    AND statement.made_at > line.known_from
     WHERE NOT EXISTS (SELECT FROM line AS same
                        WHERE same.file_id = statement.file_id AND same.portfolio_id = line.portfolio_id
                          AND same.account = line.account AND same.as_at = line.as_at
                          AND same.listing_id = line.listing_id)
     GROUP BY line.id
), ended AS (
    UPDATE public.custody_holding AS holding
       SET ended_at = gone.ended_at
      FROM gone
     WHERE holding.id = gone.id AND (holding.ended_at IS NULL OR holding.ended_at > gone.ended_at)
    RETURNING holding.id
)
INSERT INTO staging.contested (batch_id, fact_id)
SELECT %(batch)s::integer, id
  FROM ended
