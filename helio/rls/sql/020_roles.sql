-- Purpose: which roles has a person, and the person who asks?
-- Grain:   one answer per statement.
-- Owner:   helio_guard (reads person, person_groups and auth_group; no portfolio data).
-- Readers: policies, secured views, helio_web (has_role only).

CREATE FUNCTION security.person_has_role(person_id bigint, role_names text[]) RETURNS boolean
LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
    SELECT EXISTS (
        SELECT FROM person
          JOIN person_groups ON person_groups.user_id = person.id
          JOIN auth_group    ON auth_group.id = person_groups.group_id
         WHERE person.id = person_id
           AND person.is_active
           AND auth_group.name = ANY (role_names)
    )
$$;

CREATE FUNCTION security.has_role(VARIADIC role_names text[]) RETURNS boolean
LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
    SELECT security.person_has_role(security.uid(), role_names)
$$;

REVOKE ALL ON FUNCTION security.person_has_role(bigint, text[]), security.has_role(text[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION security.has_role(text[])
    TO helio_owner, helio_gate, helio_web, helio_worker, helio_migrate;
