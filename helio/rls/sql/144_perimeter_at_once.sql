-- Purpose: perimeter_of() and perimeter_until() with the answers of 030 and 080, for people with
--          hundreds of portfolios: half the time at the start of each of their requests.
-- Grain:   one array of portfolio ids; one moment.
-- Owner:   helio_guard.  Readers: as in 030 and 080.
--
-- In the list of a SELECT, granted_to() was entered again for each portfolio, with its role and its
-- search path; as a table it answers once. Whom an auditor's role shows everything needs no grants:
-- they refer to portfolios, so they add nothing. The rule stays where it is, in 030_perimeter.sql.

CREATE OR REPLACE FUNCTION security.perimeter_of(asked_id bigint) RETURNS integer[]
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
BEGIN
    IF security.person_has_role(asked_id, '{auditor}') THEN
        RETURN array(SELECT id FROM portfolio ORDER BY id);
    END IF;
    RETURN array(SELECT portfolio_id
                   FROM security.granted_to(asked_id, '{view_portfolio,manage_portfolio}') AS granted (portfolio_id)
                  ORDER BY portfolio_id);
END
$$;

-- One pass over the grants: the edges that lie ahead are picked while they are read.
CREATE OR REPLACE FUNCTION security.perimeter_until(asked_id bigint) RETURNS bigint
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
BEGIN
    RETURN (
        WITH ahead AS (
            SELECT min(valid_from) FILTER (WHERE valid_from > statement_timestamp()) AS begins,
                   min(valid_until) FILTER (WHERE valid_until > statement_timestamp()) AS ends
              FROM portfolio_user_grant WHERE user_id = asked_id
            UNION ALL
            SELECT min(valid_from) FILTER (WHERE valid_from > statement_timestamp()),
                   min(valid_until) FILTER (WHERE valid_until > statement_timestamp())
              FROM portfolio_group_grant
             WHERE group_id IN (SELECT group_id FROM person_groups WHERE user_id = asked_id)
        )
        SELECT coalesce((extract(epoch FROM min(least(begins, ends))) * 1000000)::bigint, 9223372036854775807)
          FROM ahead);
END
$$;
