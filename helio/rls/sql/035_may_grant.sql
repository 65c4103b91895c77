-- Purpose: may the person who asks give or end this right on this portfolio?
-- Grain:   one answer per portfolio and right.
-- Owner:   helio_guard.  Readers: policies on the grant tables.

CREATE FUNCTION security.may_grant(portfolio integer, permission integer) RETURNS boolean
LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
    SELECT EXISTS (
        SELECT FROM auth_permission
         WHERE id = permission
           AND ((codename = 'view_portfolio' AND portfolio = ANY (security.managed()))
                OR (codename IN ('view_portfolio', 'manage_portfolio')
                    AND security.has_role('administrator')))
    )
$$;

CREATE FUNCTION security.is_member(role_id integer) RETURNS boolean
LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
    SELECT EXISTS (SELECT FROM person_groups WHERE user_id = security.uid() AND group_id = role_id)
$$;

REVOKE ALL ON FUNCTION security.may_grant(integer, integer), security.is_member(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION security.may_grant(integer, integer), security.is_member(integer)
    TO helio_owner, helio_web;
