-- Purpose: may the person who asks put that person into this group, or take them out of it? A group
--          is a role or a team.
-- Grain:   one answer per person and group.
-- Owner:   helio_guard.  Readers: policies on person_groups; helio_web may make and name teams.
--
--   Nobody:         changes their own groups, or gives the roles administrator and auditor: those
--                   come by a request that a second administrator approves (095).
--   Administrators: any other role and any team.
--   Managers:       people without a role beyond analyst: into the teams they lead, and the analyst
--                   role of those teams' members. Only while all that the group was granted is to
--                   view what they manage themselves: joining a group must open no more to somebody
--                   than the manager could give them.

CREATE FUNCTION security.is_team(asked_id integer) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
BEGIN
    RETURN EXISTS (SELECT FROM team WHERE group_id = asked_id);
END
$$;

-- The roles that take two people to give.
CREATE FUNCTION security.is_guarded_role(asked_id integer) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
BEGIN
    RETURN EXISTS (SELECT FROM auth_group WHERE id = asked_id AND name IN ('administrator', 'auditor'));
END
$$;

CREATE FUNCTION security.leads(team_group integer) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
BEGIN
    RETURN security.has_role('manager')
       AND EXISTS (SELECT FROM team_manager WHERE team_id = team_group AND user_id = security.uid());
END
$$;

-- Is all that the group was granted, now or for later, to view what the person who asks manages?
CREATE FUNCTION security.could_grant_all_of(asked_group integer) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
BEGIN
    RETURN NOT EXISTS (
        SELECT FROM portfolio_group_grant AS g
          JOIN auth_permission ON auth_permission.id = g.permission_id
         WHERE g.group_id = asked_group
           AND (g.valid_until IS NULL OR g.valid_until > statement_timestamp())
           AND NOT (auth_permission.codename = 'view_portfolio'
                    AND g.content_object_id = ANY (security.managed())));
END
$$;

-- Is this person's team led by the person who asks? With "only", by nobody else beside.
CREATE FUNCTION security.in_led_team(person_id bigint, only_there boolean) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM person_groups JOIN team USING (group_id)
         WHERE person_groups.user_id = person_id
        HAVING count(*) FILTER (WHERE security.leads(group_id)) > 0
           AND (NOT only_there OR bool_and(security.leads(group_id))));
END
$$;

CREATE OR REPLACE FUNCTION security.may_assign(person_id bigint, role_id integer) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
BEGIN
    IF person_id = security.uid() OR security.is_guarded_role(role_id) THEN
        RETURN false;
    END IF;
    IF security.has_role('administrator') THEN
        RETURN true;
    END IF;
    RETURN (security.leads(role_id)
            OR (EXISTS (SELECT FROM auth_group WHERE id = role_id AND name = 'analyst')
                AND security.in_led_team(person_id, false)))
       AND security.could_grant_all_of(role_id)
       AND NOT EXISTS (
            SELECT FROM person
              LEFT JOIN person_groups ON person_groups.user_id = person.id
              LEFT JOIN auth_group ON auth_group.id = person_groups.group_id
             WHERE person.id = person_id
               AND (person.is_superuser OR (auth_group.name <> 'analyst'
                                            AND NOT security.is_team(auth_group.id))));
END
$$;

CREATE FUNCTION security.may_dismiss(person_id bigint, role_id integer) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
BEGIN
    RETURN person_id <> security.uid()
       AND (security.has_role('administrator')
            OR security.leads(role_id)
            OR (EXISTS (SELECT FROM auth_group WHERE id = role_id AND name = 'analyst')
                AND security.in_led_team(person_id, true)));
END
$$;

-- Id of a new team of that name. The web role itself may write no group: renaming one makes a role.
CREATE FUNCTION security.make_team(team_name text) RETURNS integer
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
DECLARE
    made integer;
BEGIN
    IF NOT security.has_role('administrator') THEN
        RAISE insufficient_privilege USING MESSAGE = 'Only an administrator makes a team.';
    END IF;
    IF btrim(team_name) = '' THEN
        RAISE check_violation USING MESSAGE = 'A team needs a name.';
    END IF;
    INSERT INTO auth_group (name) VALUES (btrim(team_name)) RETURNING id INTO made;
    INSERT INTO team (group_id) VALUES (made);
    INSERT INTO audit_event (action, object, detail) VALUES ('team made', btrim(team_name), '{}');
    RETURN made;
END
$$;

REVOKE ALL ON FUNCTION security.is_team(integer), security.is_guarded_role(integer),
    security.leads(integer), security.could_grant_all_of(integer),
    security.in_led_team(bigint, boolean), security.may_dismiss(bigint, integer),
    security.make_team(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION security.is_team(integer), security.is_guarded_role(integer),
    security.may_dismiss(bigint, integer) TO helio_owner, helio_web;
GRANT EXECUTE ON FUNCTION security.make_team(text) TO helio_web;
