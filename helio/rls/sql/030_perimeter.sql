-- THE RULE: who may see which portfolio.
--
--   1. Nobody sees anything without a signed identity of an active person.
--   2. A person sees a portfolio while a grant on it lasts, given to them or to one of their
--      groups, to view it or to manage it.
--   3. An auditor sees every portfolio.
--   Nothing else opens a portfolio: no other role, no job title, no superuser flag.
--
-- Purpose: the only judge of access. Policies and secured views compare with its answer.
-- Grain:   one array of portfolio ids per statement.
-- Owner:   helio_guard.  Readers: policies, secured views, helio_web (perimeter and managed only).

CREATE FUNCTION security.granted_to(asked_id bigint, codenames text[]) RETURNS SETOF integer
LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
    WITH active AS (
        SELECT id FROM person WHERE id = asked_id AND is_active
    ), wanted AS (
        SELECT id FROM auth_permission WHERE codename = ANY (codenames)
    )
    SELECT content_object_id
      FROM portfolio_user_grant
     WHERE user_id = (SELECT id FROM active)
       AND permission_id IN (SELECT id FROM wanted)
       AND valid_from <= statement_timestamp()
       AND (valid_until IS NULL OR valid_until > statement_timestamp())
    UNION
    SELECT content_object_id
      FROM portfolio_group_grant
     WHERE group_id IN (SELECT group_id FROM person_groups WHERE user_id = (SELECT id FROM active))
       AND permission_id IN (SELECT id FROM wanted)
       AND valid_from <= statement_timestamp()
       AND (valid_until IS NULL OR valid_until > statement_timestamp())
$$;

CREATE FUNCTION security.perimeter_of(asked_id bigint) RETURNS integer[]
LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
    SELECT coalesce(array_agg(portfolio_id ORDER BY portfolio_id), '{}')
      FROM (
        SELECT security.granted_to(asked_id, '{view_portfolio,manage_portfolio}') AS portfolio_id
        UNION
        SELECT id FROM portfolio WHERE security.person_has_role(asked_id, '{auditor}')
      ) AS visible
$$;

-- What the person who asks may see.
CREATE FUNCTION security.perimeter() RETURNS integer[]
LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
    SELECT security.perimeter_of(security.uid())
$$;

-- The portfolios whose view access the person who asks may give and end.
CREATE FUNCTION security.managed() RETURNS integer[]
LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
    SELECT coalesce(array_agg(portfolio_id ORDER BY portfolio_id), '{}')
      FROM security.granted_to(security.uid(), '{manage_portfolio}') AS portfolio_id
$$;

REVOKE ALL ON FUNCTION security.granted_to(bigint, text[]), security.perimeter_of(bigint),
    security.perimeter(), security.managed() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION security.perimeter(), security.managed()
    TO helio_owner, helio_gate, helio_web, helio_worker, helio_migrate;
