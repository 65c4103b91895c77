-- Purpose: the firm's portfolios; what is unchanged is a repetition.
-- Grain:   one row per portfolio.  Owner: helio_worker, while loading, after desk.sql.

WITH stated AS (
    SELECT DISTINCT ON (staged.portfolio_code)
           staged.portfolio_code AS code, staged.name, coalesce(staged.client, '') AS client,
           staged.base_currency, desk.id AS desk_id, coalesce(staged.team, '') AS team,
           staged.opened_on, staged.closed_on
      FROM staging.portfolio AS staged
      JOIN public.desk ON desk.name = staged.desk
     WHERE staged.batch_id = %(batch)s::integer
     ORDER BY staged.portfolio_code, staged.file_id DESC, staged.line_no DESC
), unchanged AS (
    SELECT stated.code
      FROM stated
      JOIN public.portfolio AS now ON now.code = stated.code
     WHERE (now.name, now.client, now.base_currency, now.desk_id, now.team, now.opened_on, now.closed_on)
           IS NOT DISTINCT FROM
           (stated.name, stated.client, stated.base_currency, stated.desk_id, stated.team,
            stated.opened_on, stated.closed_on)
), kept AS (
    INSERT INTO public.portfolio (code, name, client, base_currency, desk_id, team, opened_on, closed_on)
    SELECT code, name, client, base_currency, desk_id, team, opened_on, closed_on
      FROM stated
     WHERE code NOT IN (SELECT code FROM unchanged)
     ORDER BY code
        ON CONFLICT (code) DO UPDATE
       SET name = excluded.name, client = excluded.client, base_currency = excluded.base_currency,
           desk_id = excluded.desk_id, team = excluded.team,
           opened_on = excluded.opened_on, closed_on = excluded.closed_on
)
UPDATE staging.portfolio AS staged
   SET outcome = CASE WHEN portfolio_code IN (SELECT code FROM unchanged) THEN 'duplicate' ELSE 'loaded' END
 WHERE batch_id = %(batch)s::integer
