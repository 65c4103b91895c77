-- Purpose: reading and writing one session whose key is known. Signing in comes before an identity,
--          so these ask for none: the key is what proves the right to the row.
-- Grain:   one session per call.
-- Owner:   helio_guard.  Readers: helio_web; expired ones are cleared by helio_worker.

CREATE FUNCTION security.session_read(asked_key text)
RETURNS TABLE (session_data text, used_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
    SELECT session_data, used_at
      FROM person_session
     WHERE session_key = asked_key
       AND expire_date > statement_timestamp() AND idle_until > statement_timestamp()
$$;

-- False when the row is there already (new) or is not there any more (not new): the session ended.
-- Neither the end nor the person changes with a later write, so that no write prolongs a session.
CREATE FUNCTION security.session_write(
    asked_key text, new_data text, of_person bigint, seconds integer, idle_seconds integer,
    from_address text, from_device text, is_new boolean
) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
DECLARE
    at timestamptz := clock_timestamp();
BEGIN
    IF is_new THEN
        INSERT INTO person_session (session_key, person_id, started_at, used_at, idle_until, expire_date,
                                    address, device, session_data)
        VALUES (asked_key, of_person, at, at, at + make_interval(secs => idle_seconds),
                at + make_interval(secs => seconds), left(from_address, 60), left(from_device, 200), new_data)
        ON CONFLICT DO NOTHING;
        RETURN FOUND;
    END IF;
    UPDATE person_session
       SET session_data = new_data, person_id = coalesce(person_id, of_person)
     WHERE session_key = asked_key AND expire_date > at AND idle_until > at
       AND (person_id IS NULL OR person_id IS NOT DISTINCT FROM of_person);
    RETURN FOUND;
END
$$;

-- A person did something: the idle time starts again.
CREATE FUNCTION security.session_used(asked_key text, idle_seconds integer, from_address text) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
    UPDATE person_session
       SET used_at = clock_timestamp(), address = left(from_address, 60),
           idle_until = clock_timestamp() + make_interval(secs => idle_seconds)
     WHERE session_key = asked_key
       AND expire_date > clock_timestamp() AND idle_until > clock_timestamp()
$$;

CREATE FUNCTION security.session_end(asked_key text) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
    DELETE FROM person_session WHERE session_key = asked_key
$$;

-- Ends sessions of the person who asks, by their own list; NULL means all but the one they ask from.
-- Returns how many ended.
CREATE FUNCTION security.end_own_sessions(asked_from text, one_key text) RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
DECLARE
    ended integer;
BEGIN
    DELETE FROM person_session
     WHERE person_id = security.uid()
       AND CASE WHEN one_key IS NULL THEN session_key <> asked_from ELSE session_key = one_key END;
    GET DIAGNOSTICS ended = ROW_COUNT;
    RETURN ended;
END
$$;

CREATE FUNCTION security.clear_sessions() RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
DECLARE
    cleared integer;
BEGIN
    DELETE FROM person_session WHERE expire_date < clock_timestamp() OR idle_until < clock_timestamp();
    GET DIAGNOSTICS cleared = ROW_COUNT;
    RETURN cleared;
END
$$;

-- A password that changed, or an account that was closed, ends what was opened with it; and a
-- password that somebody else set has to be changed at the next sign-in.
CREATE FUNCTION security.password_set() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.is_active AND NOT NEW.is_active THEN
        DELETE FROM person_session WHERE person_id = NEW.id;
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.password IS NOT DISTINCT FROM OLD.password THEN
        RETURN NULL;
    END IF;
    DELETE FROM person_session WHERE person_id = NEW.id;
    IF security.uid() <> NEW.id THEN
        INSERT INTO password_due (person_id) VALUES (NEW.id) ON CONFLICT DO NOTHING;
    ELSE
        DELETE FROM password_due WHERE person_id = NEW.id;
    END IF;
    RETURN NULL;
END
$$;

-- As in 036_pulse.sql, from the new table; a session that lies idle has ended.
CREATE OR REPLACE FUNCTION security.pulse(person_ids bigint[], session_keys text[])
RETURNS TABLE (kind text, key text, mark text)
LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
    SELECT 'version', '', coalesce(max(number), 0)::text FROM version
    UNION ALL
    SELECT 'person', person.id::text, security.mark_of(person.id)
      FROM person
     WHERE person.id = ANY (person_ids) AND person.is_active
    UNION ALL
    SELECT 'session', session_key, 'live'
      FROM person_session
     WHERE session_key = ANY (session_keys)
       AND expire_date > statement_timestamp() AND idle_until > statement_timestamp()
$$;

REVOKE ALL ON FUNCTION
    security.session_read(text),
    security.session_write(text, text, bigint, integer, integer, text, text, boolean),
    security.session_used(text, integer, text), security.session_end(text),
    security.end_own_sessions(text, text), security.clear_sessions(), security.password_set()
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    security.session_read(text),
    security.session_write(text, text, bigint, integer, integer, text, text, boolean),
    security.session_used(text, integer, text), security.session_end(text),
    security.end_own_sessions(text, text)
    TO helio_web;
GRANT EXECUTE ON FUNCTION security.clear_sessions() TO helio_worker;
GRANT EXECUTE ON FUNCTION security.password_set() TO helio_owner;
