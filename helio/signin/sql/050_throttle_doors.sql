-- Purpose: may this name be tried from there now? Counts the try at once, so that a thousand tries
--          in the same moment are not a thousand tries.
-- Grain:   one answer per try.
-- Owner:   helio_guard.  Readers: helio_web; expired tries are cleared by helio_worker.
--
--   5 failures of one name from one origin in 15 minutes           that pair waits
--   50 failures of one name from unknown origins in an hour        unknown origins wait for that name
--   100 failures of any name from one unknown address in an hour   that address waits
--
-- A browser that signed this person in before is an origin of its own: whoever guesses from
-- elsewhere, or from the same office, does not lock its owner out.

CREATE FUNCTION security.try_sign_in(typed_name text, from_address text, known_device text) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    hash     bytea   := sha256(convert_to(lower(left(typed_name, 150)), 'UTF8'));
    is_known boolean := known_device <> '';
    place    text    := left(CASE WHEN known_device <> '' THEN 'device ' || known_device ELSE from_address END, 100);
    hour_ago timestamptz := clock_timestamp() - interval '1 hour';
    reason   text := '';
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('sign-in of ' || encode(hash, 'hex'), 0));
    IF (SELECT count(*) FROM sign_in_try WHERE name_hash = hash AND origin = place AND NOT refused
          AND at > clock_timestamp() - interval '15 minutes') >= 5 THEN
        reason := 'this name from here';
    ELSIF NOT is_known AND (SELECT count(*) FROM sign_in_try WHERE name_hash = hash AND NOT known
          AND NOT refused AND at > hour_ago) >= 50 THEN
        reason := 'this name';
    ELSIF NOT is_known AND (SELECT count(*) FROM sign_in_try WHERE origin = place
          AND NOT refused AND at > hour_ago) >= 100 THEN
        reason := 'from here';
    END IF;
    -- The first refusal is told to the trail; a flood of them would be a way to fill it.
    IF reason <> '' AND NOT EXISTS (
        SELECT FROM sign_in_try WHERE name_hash = hash AND origin = place AND refused
           AND at > clock_timestamp() - interval '15 minutes')
    THEN
        INSERT INTO audit_event (action, object, detail)
        VALUES ('sign-in failed',
                coalesce((SELECT username FROM person WHERE username = typed_name), '(unknown name)'),
                jsonb_build_object('address', left(from_address, 60), 'refused', 'too many tries: ' || reason));
        INSERT INTO sign_in_try (name_hash, origin, known, refused) VALUES (hash, place, is_known, true);
    ELSIF reason = '' THEN
        INSERT INTO sign_in_try (name_hash, origin, known, refused) VALUES (hash, place, is_known, false);
    END IF;
    RETURN reason;
END
$$;

-- The try succeeded: what failed before it from the same origin was the person's own mistake.
CREATE FUNCTION security.signed_in(typed_name text, from_address text, known_device text) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
    DELETE FROM sign_in_try
     WHERE name_hash = sha256(convert_to(lower(left(typed_name, 150)), 'UTF8'))
       AND origin = left(CASE WHEN known_device <> '' THEN 'device ' || known_device ELSE from_address END, 100)
$$;

CREATE FUNCTION security.clear_tries() RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    cleared integer;
BEGIN
    DELETE FROM sign_in_try WHERE at < clock_timestamp() - interval '1 hour';
    GET DIAGNOSTICS cleared = ROW_COUNT;
    RETURN cleared;
END
$$;

REVOKE ALL ON FUNCTION security.try_sign_in(text, text, text), security.signed_in(text, text, text),
    security.clear_tries() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION security.try_sign_in(text, text, text), security.signed_in(text, text, text)
    TO helio_web;
GRANT EXECUTE ON FUNCTION security.clear_tries() TO helio_worker;
