-- Purpose: what every answer of the perimeter rested on, as it was recorded: which people were
--          active, who was in which role or team, what was granted, which portfolios there were.
--          Written by triggers, so that no way of writing passes it by.
-- Grain:   one row per thing and change. A thing is named by kind and key.
-- Owner:   helio_guard.  Readers: nobody but the functions of 097, which judge who asks.
--
-- Two times: recorded_at is when the database learnt it; valid_from and valid_until are what a grant
-- itself says. A moment is moments before others see it (the rest of the writing transaction).

CREATE TABLE security.access_history (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind          text NOT NULL CHECK (kind IN ('person', 'password', 'group', 'portfolio',
                                                'person grant', 'group grant')),
    key           text NOT NULL,
    person_id     bigint,
    group_id      integer,
    portfolio_id  integer,
    permission_id integer,
    grant_id      integer,
    holds         boolean NOT NULL,
    valid_from    timestamptz,
    valid_until   timestamptz,
    recorded_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    recorded_by   integer
);
CREATE INDEX access_history_thing ON security.access_history (kind, key, id);
REVOKE ALL ON security.access_history FROM PUBLIC;
COMMENT ON COLUMN security.access_history.recorded_by IS
    'The person whose signed identity wrote it; null for set-up and operators of the database.';

CREATE FUNCTION security.note_person() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        INSERT INTO security.access_history (kind, key, person_id, holds, recorded_by)
        VALUES ('person', OLD.id, OLD.id, false, security.uid());
        RETURN NULL;
    END IF;
    IF TG_OP = 'INSERT' OR OLD.is_active <> NEW.is_active THEN
        INSERT INTO security.access_history (kind, key, person_id, holds, recorded_by)
        VALUES ('person', NEW.id, NEW.id, NEW.is_active, security.uid());
    END IF;
    -- A password that nobody can type ("!…", single sign-on) is known to nobody.
    IF (TG_OP = 'INSERT' OR OLD.password <> NEW.password) AND NEW.password NOT LIKE '!%' THEN
        INSERT INTO security.access_history (kind, key, person_id, holds, recorded_by)
        VALUES ('password', NEW.id, NEW.id, true, security.uid());
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION security.note_group() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        INSERT INTO security.access_history (kind, key, person_id, group_id, holds, recorded_by)
        VALUES ('group', OLD.user_id || ' ' || OLD.group_id, OLD.user_id, OLD.group_id, false, security.uid());
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO security.access_history (kind, key, person_id, group_id, holds, recorded_by)
        VALUES ('group', NEW.user_id || ' ' || NEW.group_id, NEW.user_id, NEW.group_id, true, security.uid());
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION security.note_portfolio() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
    INSERT INTO security.access_history (kind, key, portfolio_id, holds, recorded_by)
    VALUES ('portfolio', coalesce(NEW.id, OLD.id), coalesce(NEW.id, OLD.id), TG_OP = 'INSERT', security.uid());
    RETURN NULL;
END
$$;

CREATE FUNCTION security.note_grant() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    of_person boolean := TG_TABLE_NAME = 'portfolio_user_grant';
    kept      jsonb   := to_jsonb(CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END);
BEGIN
    INSERT INTO security.access_history (kind, key, person_id, group_id, portfolio_id, permission_id,
                                         grant_id, holds, valid_from, valid_until, recorded_by)
    VALUES (CASE WHEN of_person THEN 'person grant' ELSE 'group grant' END, kept ->> 'id',
            (kept ->> 'user_id')::bigint, (kept ->> 'group_id')::integer,
            (kept ->> 'content_object_id')::integer, (kept ->> 'permission_id')::integer,
            (kept ->> 'id')::integer, TG_OP <> 'DELETE',
            (kept ->> 'valid_from')::timestamptz, (kept ->> 'valid_until')::timestamptz, security.uid());
    RETURN NULL;
END
$$;

CREATE FUNCTION security.history_refuse() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RAISE insufficient_privilege USING MESSAGE = format('The history of access is append-only: %s is refused.', TG_OP);
END
$$;
CREATE TRIGGER history_refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON security.access_history
    FOR EACH STATEMENT EXECUTE FUNCTION security.history_refuse();

-- Does this person still hold the role of an administrator?
CREATE FUNCTION security.still_administers(asked_id bigint) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
    RETURN security.person_has_role(asked_id, '{administrator}');
END
$$;

-- Was the password that stands chosen by another person than its owner?
CREATE FUNCTION security.password_known_to_another(asked_id bigint) RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
    RETURN coalesce((
        SELECT h.recorded_by <> asked_id FROM security.access_history AS h
         WHERE h.kind = 'password' AND h.key = asked_id::text AND person.password NOT LIKE '!%'
         ORDER BY h.id DESC LIMIT 1), false)
      FROM person WHERE person.id = asked_id;
END
$$;

-- Gives the role once it was approved, and notes each step in the trail.
CREATE FUNCTION security.role_request_decided() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
    INSERT INTO audit_event (action, object, detail)
    SELECT 'role request ' || CASE WHEN NEW.decision = '' THEN 'made' ELSE NEW.decision END, person.username,
           jsonb_build_object('request', NEW.id, 'role', auth_group.name, 'reason', NEW.reason,
                              'asked_by', (SELECT username FROM person WHERE id = NEW.asked_by_id))
      FROM person, auth_group WHERE person.id = NEW.person_id AND auth_group.id = NEW.role_id;
    IF NEW.decision = 'approved' THEN
        INSERT INTO person_groups (user_id, group_id) VALUES (NEW.person_id, NEW.role_id)
        ON CONFLICT DO NOTHING;
    END IF;
    RETURN NULL;
END
$$;

-- A review of a grant, and who leads a team, in the trail.
CREATE FUNCTION security.audit_review() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
BEGIN
    INSERT INTO audit_event (action, object, portfolio_id, detail)
    SELECT 'access reviewed', coalesce(person.username, 'team ' || auth_group.name), g.content_object_id,
           jsonb_build_object('outcome', NEW.outcome, 'grant', g.id)
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

CREATE FUNCTION security.audit_team_manager() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
AS $$
DECLARE
    kept team_manager := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
BEGIN
    INSERT INTO audit_event (action, object, detail)
    SELECT CASE WHEN TG_OP = 'DELETE' THEN 'team leader removed' ELSE 'team leader named' END,
           person.username, jsonb_build_object('team', auth_group.name)
      FROM person, auth_group WHERE person.id = kept.user_id AND auth_group.id = kept.team_id;
    RETURN NULL;
END
$$;

-- Attaches the noting functions; the tables are helio_owner's, who therefore must be able to call them.
REVOKE ALL ON FUNCTION security.note_person(), security.note_group(), security.note_portfolio(),
    security.note_grant(), security.history_refuse(), security.role_request_decided(),
    security.audit_review(), security.audit_team_manager(),
    security.still_administers(bigint), security.password_known_to_another(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION security.note_person(), security.note_group(), security.note_portfolio(),
    security.note_grant(), security.role_request_decided(), security.audit_review(),
    security.audit_team_manager() TO helio_owner;
GRANT EXECUTE ON FUNCTION security.still_administers(bigint), security.password_known_to_another(bigint)
    TO helio_web;

-- What stood before there was a history: since when is what the rows themselves say, at the earliest
-- since the person joined.
INSERT INTO security.access_history (kind, key, person_id, holds, recorded_at)
SELECT 'person', id, id, is_active, date_joined FROM person;
INSERT INTO security.access_history (kind, key, person_id, group_id, holds, recorded_at)
SELECT 'group', user_id || ' ' || group_id, user_id, group_id, true, date_joined
  FROM person_groups JOIN person ON person.id = user_id;
INSERT INTO security.access_history (kind, key, portfolio_id, holds, recorded_at)
SELECT 'portfolio', id, id, true, '-infinity' FROM portfolio;
INSERT INTO security.access_history (kind, key, person_id, portfolio_id, permission_id, grant_id, holds,
                                     valid_from, valid_until, recorded_at, recorded_by)
SELECT 'person grant', id, user_id, content_object_id, permission_id, id, true, valid_from, valid_until,
       valid_from, granted_by_id FROM portfolio_user_grant;
INSERT INTO security.access_history (kind, key, group_id, portfolio_id, permission_id, grant_id, holds,
                                     valid_from, valid_until, recorded_at, recorded_by)
SELECT 'group grant', id, group_id, content_object_id, permission_id, id, true, valid_from, valid_until,
       valid_from, granted_by_id FROM portfolio_group_grant;
