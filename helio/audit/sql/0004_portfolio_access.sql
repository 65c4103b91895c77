-- Purpose: every grant given, changed or ended leaves an event, also from bulk updates and psql.
-- Grain:   one event per grant row changed.
-- Owner:   helio_guard.
-- Readers: called by the triggers of the grant tables only (portfolios/sql).

CREATE FUNCTION security.audit_access() RETURNS trigger
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
        INSERT INTO public.audit_event (action, object, portfolio_id, detail)
        VALUES (verb, coalesce(person, 'team ' || role), (kept ->> 'content_object_id')::integer,
                jsonb_build_object(
                    'permission', (SELECT codename FROM public.auth_permission
                                   WHERE id = (kept ->> 'permission_id')::integer),
                    'changes', security.audit_difference(before, after, '{}')));
        RETURN NULL;
    END
    $$;

REVOKE ALL ON FUNCTION security.audit_access() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION security.audit_access() TO helio_owner;
