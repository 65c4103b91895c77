-- Purpose: every change of people and roles leaves an event, also from bulk updates and psql.
-- Grain:   one event per row changed.
-- Owner:   helio_guard.  Readers: called by the triggers of 0005_triggers.sql only.

-- Columns of a row that differ, old and new; secrets only as "changed".
CREATE FUNCTION security.audit_difference(old_row jsonb, new_row jsonb, secret text[])
    RETURNS jsonb
    LANGUAGE sql IMMUTABLE
    SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT coalesce(jsonb_object_agg(key, CASE
                   WHEN key = ANY (secret) THEN to_jsonb('changed'::text)
                   ELSE jsonb_build_array(old_row -> key, new_row -> key) END), '{}')
        FROM jsonb_object_keys(coalesce(new_row, old_row)) AS key
        WHERE old_row -> key IS DISTINCT FROM new_row -> key
    $$;

CREATE FUNCTION security.audit_person() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        -- A sign-in moves last_login and has an event of its own.
        before jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) - 'last_login' END;
        after jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) - 'last_login' END;
        difference jsonb;
    BEGIN
        difference := security.audit_difference(before, after, ARRAY['password']);
        IF TG_OP = 'UPDATE' AND difference = '{}' THEN
            RETURN NULL;
        END IF;
        INSERT INTO public.audit_event (action, object, detail)
        VALUES ('person ' || CASE TG_OP WHEN 'INSERT' THEN 'added'
                                        WHEN 'UPDATE' THEN 'changed' ELSE 'removed' END,
                coalesce(after, before) ->> 'username', difference);
        RETURN NULL;
    END
    $$;

CREATE FUNCTION security.audit_role() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        IF TG_OP <> 'INSERT' THEN
            INSERT INTO public.audit_event (action, object, detail)
            VALUES ('role removed',
                    (SELECT username FROM public.person WHERE id = OLD.user_id),
                    jsonb_build_object('role',
                        (SELECT name FROM public.auth_group WHERE id = OLD.group_id)));
        END IF;
        IF TG_OP <> 'DELETE' THEN
            INSERT INTO public.audit_event (action, object, detail)
            VALUES ('role assigned',
                    (SELECT username FROM public.person WHERE id = NEW.user_id),
                    jsonb_build_object('role',
                        (SELECT name FROM public.auth_group WHERE id = NEW.group_id)));
        END IF;
        RETURN NULL;
    END
    $$;

-- Direct permissions of a person or a role are not used by Helio; should one appear, it is noted.
CREATE FUNCTION security.audit_permission() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        INSERT INTO public.audit_event (action, object, detail)
        VALUES ('permission ' || CASE TG_OP WHEN 'INSERT' THEN 'added'
                                            WHEN 'UPDATE' THEN 'changed' ELSE 'removed' END,
                TG_TABLE_NAME, coalesce(to_jsonb(NEW), to_jsonb(OLD)));
        RETURN NULL;
    END
    $$;

REVOKE ALL ON FUNCTION security.audit_difference(jsonb, jsonb, text[]), security.audit_person(),
    security.audit_role(), security.audit_permission() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION security.audit_person(), security.audit_role(),
    security.audit_permission() TO helio_owner;
