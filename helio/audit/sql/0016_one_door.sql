-- Purpose: the triggers on people, groups, grants, reviews, requests and view-as go through the one door
--          (0010_record.sql) too: chained at the commit, like everything else, they do not hold the
--          lock on the chain's head to the end of the transaction that changes access.
-- Grain:   one event per row changed.
-- Owner:   helio_guard.  Readers: called by triggers only.
--
-- The one exception stays sign-in failed (signin/sql/050_throttle_doors.sql): it has no identity.

CREATE OR REPLACE FUNCTION security.audit_person() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        -- A sign-in moves last_login and has an event of its own; the mark moves with the password.
        untold text[] := '{last_login,password_mark}';
        before jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) - untold END;
        after jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) - untold END;
        difference jsonb := security.audit_difference(before, after, ARRAY['password']);
    BEGIN
        IF TG_OP = 'UPDATE' AND difference = '{}' THEN
            RETURN NULL;
        END IF;
        PERFORM security.record(
            'person ' || CASE TG_OP WHEN 'INSERT' THEN 'added'
                                    WHEN 'UPDATE' THEN 'changed' ELSE 'removed' END,
            coalesce(after, before) ->> 'username', NULL, NULL, difference, NULL, '');
        RETURN NULL;
    END
    $$;

-- A group is a role, or a team: an auditor looks for either by its own name.
CREATE FUNCTION security.audit_membership(of_person bigint, of_group integer, of_role text, of_team text)
    RETURNS void
    LANGUAGE plpgsql VOLATILE
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        is_team boolean := EXISTS (SELECT FROM public.team WHERE team.group_id = of_group);
    BEGIN
        PERFORM security.record(
            CASE WHEN is_team THEN of_team ELSE of_role END,
            (SELECT username FROM public.person WHERE id = of_person)::text, NULL, NULL,
            jsonb_build_object(CASE WHEN is_team THEN 'team' ELSE 'role' END,
                               (SELECT name FROM public.auth_group WHERE id = of_group)),
            NULL, '');
    END
    $$;

CREATE OR REPLACE FUNCTION security.audit_role() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        IF TG_OP <> 'INSERT' THEN
            PERFORM security.audit_membership(OLD.user_id, OLD.group_id, 'role removed', 'team left');
        END IF;
        IF TG_OP <> 'DELETE' THEN
            PERFORM security.audit_membership(NEW.user_id, NEW.group_id, 'role assigned', 'team joined');
        END IF;
        RETURN NULL;
    END
    $$;

CREATE OR REPLACE FUNCTION security.audit_permission() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        PERFORM security.record(
            'permission ' || CASE TG_OP WHEN 'INSERT' THEN 'added'
                                        WHEN 'UPDATE' THEN 'changed' ELSE 'removed' END,
            TG_TABLE_NAME::text, NULL, NULL, coalesce(to_jsonb(NEW), to_jsonb(OLD)), NULL, '');
        RETURN NULL;
    END
    $$;

CREATE OR REPLACE FUNCTION security.audit_access() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        before jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END;
        after jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END;
        kept jsonb := coalesce(after, before);
        person text := (SELECT username FROM public.person WHERE id = (kept ->> 'user_id')::integer);
        role text := (SELECT name FROM public.auth_group WHERE id = (kept ->> 'group_id')::integer);
        verb text := CASE
            WHEN TG_OP = 'INSERT' THEN 'access given'
            WHEN TG_OP = 'DELETE' THEN 'access removed'
            WHEN (after ->> 'valid_until')::timestamptz <= clock_timestamp() THEN 'access ended'
            ELSE 'access changed' END;
    BEGIN
        IF before = after THEN
            RETURN NULL;
        END IF;
        PERFORM security.record(
            verb, coalesce(person, 'team ' || role), (kept ->> 'content_object_id')::integer, NULL,
            jsonb_build_object(
                'permission', (SELECT codename FROM public.auth_permission
                               WHERE id = (kept ->> 'permission_id')::integer),
                'changes', security.audit_difference(before, after, '{}')),
            NULL, '');
        RETURN NULL;
    END
    $$;

-- Gives the role once it was approved, and notes each step in the trail.
CREATE OR REPLACE FUNCTION security.role_request_decided() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
    PERFORM security.record(
        'role request ' || CASE WHEN NEW.decision = '' THEN 'made' ELSE NEW.decision END, person.username::text,
        NULL, NULL,
        jsonb_build_object('request', NEW.id, 'role', auth_group.name, 'reason', NEW.reason,
                           'asked_by', (SELECT username FROM person WHERE id = NEW.asked_by_id)),
        NULL, '')
       FROM person, auth_group WHERE person.id = NEW.person_id AND auth_group.id = NEW.role_id;
    IF NEW.decision = 'approved' THEN
        INSERT INTO person_groups (user_id, group_id) VALUES (NEW.person_id, NEW.role_id)
        ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION security.audit_review() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
    PERFORM security.record(
        'access reviewed', coalesce(person.username::text, 'team ' || auth_group.name), g.content_object_id, NULL,
        jsonb_build_object('outcome', NEW.outcome, 'grant', g.id), NULL, '')
       FROM (SELECT id, content_object_id, user_id, NULL::integer AS group_id FROM portfolio_user_grant
              WHERE id = NEW.user_grant_id
             UNION ALL
             SELECT id, content_object_id, NULL, group_id FROM portfolio_group_grant
              WHERE id = NEW.group_grant_id) AS g
       LEFT JOIN person ON person.id = g.user_id
       LEFT JOIN auth_group ON auth_group.id = g.group_id;
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION security.audit_team_manager() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    kept team_manager := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
BEGIN
    PERFORM security.record(
        CASE WHEN TG_OP = 'DELETE' THEN 'team leader removed' ELSE 'team leader named' END,
        person.username::text, NULL, NULL, jsonb_build_object('team', auth_group.name), NULL, '')
       FROM person, auth_group WHERE person.id = kept.user_id AND auth_group.id = kept.team_id;
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION security.view_as_noted() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
    PERFORM security.record(
        CASE TG_OP WHEN 'INSERT' THEN 'view-as begun' ELSE 'view-as ended' END, person.username::text, NULL, NULL,
        jsonb_build_object('view_as', NEW.id, 'reason', NEW.reason), NULL, '')
       FROM person WHERE person.id = NEW.person_id;
    RETURN NULL;
END
$$;

-- Id of a new team of that name. The web role itself may write no group: renaming one makes a role.
CREATE OR REPLACE FUNCTION security.make_team(team_name text) RETURNS integer
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
    PERFORM security.record('team made', btrim(team_name), NULL, NULL, '{}', NULL, '');
    RETURN made;
END
$$;

-- A person's step moves the finding and leaves its event, in the same statement.
CREATE OR REPLACE FUNCTION security.finding_step() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    moved record;
BEGIN
    IF NEW.owner_id IS NOT NULL AND NOT security.person_has_role(NEW.owner_id, '{operations}') THEN
        RAISE EXCEPTION 'A finding is taken care of by people with the role operations.'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE public.finding
       SET state = CASE NEW.action WHEN 'taken' THEN state WHEN 'assigned' THEN state
                                   WHEN 'reopened' THEN 'open' ELSE NEW.action END,
           owner_id = coalesce(NEW.owner_id, owner_id),
           changed_at = now()
     WHERE id = NEW.finding_id
    RETURNING code, subject, portfolio_id, state INTO moved;
    NEW.state := moved.state;
    PERFORM security.record(
        'finding ' || NEW.action, moved.code || ' ' || moved.subject, moved.portfolio_id, NULL,
        jsonb_build_object('finding', NEW.finding_id, 'state', NEW.state, 'reason', NEW.reason,
                           'owner', (SELECT username FROM public.person WHERE id = NEW.owner_id)),
        NULL, '');
    RETURN NEW;
END
$$;

REVOKE ALL ON FUNCTION security.audit_membership(bigint, integer, text, text) FROM PUBLIC;
