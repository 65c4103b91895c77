-- Purpose: finds the portfolio each staged record belongs to, by its book or account on the day.
-- Grain:   one row per staged record that names a book or account.
-- Owner:   helio_worker runs it while loading, after 110; {table} is a staging table.

WITH named AS (
    SELECT row_id, system, portfolio_key, mapped_from,
           coalesce(on_day, (executed_at AT TIME ZONE 'UTC')::date) AS on_day
      FROM {table}
     WHERE batch_id = %(batch)s::integer AND portfolio_key IS NOT NULL AND outcome IS NULL
       AND (portfolio_id IS NULL OR %(again)s::boolean)
), answer AS (
    SELECT named.row_id,
           named.portfolio_key,
           named.on_day,
           current_key.portfolio_id,
           greatest(named.mapped_from, CASE WHEN current_key.source = 'operations' THEN current_key.known_from ELSE (
               SELECT past.known_from FROM public.portfolio_key AS past
                WHERE past.system = current_key.system AND past.key = current_key.key
                  AND past.portfolio_id = current_key.portfolio_id
                  AND past.source <> 'operations'
                ORDER BY past.known_from NULLS FIRST LIMIT 1) END) AS mapped_from,
           EXISTS (SELECT FROM public.portfolio_key AS other
                    WHERE other.system = named.system AND other.key = named.portfolio_key
                      AND other.known_to IS NULL) AS known_on_other_days
      FROM named
      LEFT JOIN public.portfolio_key AS current_key
             ON current_key.system = named.system
            AND current_key.key = named.portfolio_key
            AND current_key.known_to IS NULL
            AND named.on_day BETWEEN coalesce(current_key.valid_from, '-infinity')
                                 AND coalesce(current_key.valid_to, 'infinity')
)
UPDATE {table} AS staged
   SET portfolio_id = answer.portfolio_id,
       mapped_from  = answer.mapped_from,
       -- a problem with the instrument was found first and stays
       code         = coalesce(staged.code, CASE WHEN answer.portfolio_id IS NULL THEN 'UNKNOWN_BOOK' END),
       reason       = coalesce(staged.reason, CASE WHEN answer.portfolio_id IS NULL THEN answer.portfolio_key END),
       sentence     = coalesce(staged.sentence, CASE
                          WHEN answer.portfolio_id IS NOT NULL THEN NULL
                          WHEN answer.known_on_other_days
                              THEN format('Book or account %%s belongs to no portfolio on %%s.', answer.portfolio_key, answer.on_day)
                          ELSE format('Book or account %%s is not in the crosswalk.', answer.portfolio_key)
                      END)
  FROM answer
 WHERE staged.row_id = answer.row_id
