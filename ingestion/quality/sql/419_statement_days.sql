-- Purpose: the days on which a portfolio is compared, in order, and when each statement was made.
--          A portfolio that was on the statement before and is missing from this one is compared too.
-- Grain:   one row per portfolio and statement day.
-- Owner:   helio_worker.  Readers: 420 to 422, in the same transaction.

CREATE TEMPORARY TABLE statement ON COMMIT DROP AS
WITH reported AS (
    SELECT portfolio_id, as_at, max(made_at) AS made_at FROM held GROUP BY portfolio_id, as_at
), day AS (
    SELECT as_at, max(made_at) AS made_at, lead(as_at) OVER (ORDER BY as_at) AS next_at
      FROM reported GROUP BY as_at
), expected AS (
    SELECT portfolio_id, as_at, made_at FROM reported
    UNION ALL
    SELECT earlier.portfolio_id, following.as_at, following.made_at
      FROM reported AS earlier
      JOIN day ON day.as_at = earlier.as_at
      JOIN day AS following ON following.as_at = day.next_at
     WHERE NOT EXISTS (SELECT FROM reported AS same
                        WHERE same.portfolio_id = earlier.portfolio_id AND same.as_at = following.as_at)
)
SELECT portfolio_id, as_at, made_at,
       row_number() OVER (PARTITION BY portfolio_id ORDER BY as_at) AS place,
       max(made_at) OVER (PARTITION BY portfolio_id ORDER BY as_at) AS known_at
  FROM expected
