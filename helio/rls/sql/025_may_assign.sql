-- Purpose: may the person who asks give or take this role of that person, as a manager?
-- Grain:   one answer per person and role.
-- Owner:   helio_guard.  Readers: policies on person_groups.

CREATE FUNCTION security.may_assign(person_id bigint, role_id integer) RETURNS boolean
LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
    SELECT security.has_role('manager')
       AND EXISTS (SELECT FROM auth_group WHERE id = role_id AND name = 'analyst')
       AND EXISTS (
            SELECT FROM person AS mine
              JOIN person AS theirs ON theirs.team = mine.team AND theirs.team <> ''
             WHERE mine.id = security.uid() AND theirs.id = person_id AND NOT theirs.is_superuser
           )
$$;

REVOKE ALL ON FUNCTION security.may_assign(bigint, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION security.may_assign(bigint, integer) TO helio_owner, helio_web;
