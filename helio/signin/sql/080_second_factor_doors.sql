-- Purpose: a change of second factors leaves an event, never a secret; and an administrator takes the
--          factors of a person who lost them away, without seeing them.
-- Grain:   one event per factor.
-- Owner:   helio_guard.  Readers: the trigger of 090; helio_web calls the reset.

CREATE FUNCTION security.audit_factor() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    owner bigint := CASE WHEN TG_OP = 'DELETE' THEN OLD.user_id ELSE NEW.user_id END;
BEGIN
    PERFORM security.record(
        'second factor ' || CASE TG_OP WHEN 'INSERT' THEN 'added' ELSE 'removed' END,
        (SELECT username FROM public.person WHERE id = owner)::text, NULL, NULL,
        jsonb_build_object('type', CASE WHEN TG_OP = 'DELETE' THEN OLD.type ELSE NEW.type END), NULL, '');
    RETURN NULL;
END
$$;

-- How many factors went. Refused to everybody but another administrator.
CREATE FUNCTION security.reset_second_factor(of_person bigint) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    gone integer;
BEGIN
    IF NOT security.has_role('administrator') OR of_person = security.uid() THEN
        RAISE insufficient_privilege
            USING MESSAGE = 'Only another administrator may take second factors away.';
    END IF;
    DELETE FROM public.mfa_authenticator WHERE user_id = of_person;
    GET DIAGNOSTICS gone = ROW_COUNT;
    DELETE FROM public.person_session WHERE person_id = of_person;
    RETURN gone;
END
$$;

REVOKE ALL ON FUNCTION security.audit_factor(), security.reset_second_factor(bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION security.audit_factor() TO helio_owner;
GRANT EXECUTE ON FUNCTION security.reset_second_factor(bigint) TO helio_web;
