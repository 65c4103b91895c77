-- Purpose: the trail says who saw which portfolio, once a session: who saw it on a day is a question
--          that auditors ask, and each of a thousand reloads is no answer to it.
-- Grain:   one event per session and portfolio opened; one per session and list, with what is new in it.
-- Owner:   helio_guard.  Readers: helio_web; old rows are cleared by helio_worker.

CREATE FUNCTION security.note_sight(in_session text, page text, asked_code text) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    seen_id integer;
    listed  text[];
BEGIN
    IF security.uid() IS NULL THEN
        RAISE insufficient_privilege USING MESSAGE = 'Nobody without an identity has seen anything.';
    END IF;
    IF asked_code IS NOT NULL THEN
        SELECT id INTO seen_id FROM portfolio WHERE code = asked_code AND id = ANY (security.perimeter());
        IF seen_id IS NULL THEN
            RETURN;
        END IF;
        INSERT INTO session_sight (session_key, sight) VALUES (in_session, 'page ' || seen_id)
        ON CONFLICT DO NOTHING;
        IF FOUND THEN
            PERFORM security.record('portfolio viewed', asked_code, seen_id, NULL,
                jsonb_build_object('page', page, 'session', left(in_session, 12)), NULL, '');
        END IF;
        RETURN;
    END IF;
    WITH new AS (
        INSERT INTO session_sight (session_key, sight)
        SELECT in_session, 'list ' || id FROM unnest(security.perimeter()) AS id
        ON CONFLICT DO NOTHING
        RETURNING substr(sight, 6)::integer AS id
    )
    SELECT array_agg(code ORDER BY code) INTO listed FROM new JOIN portfolio USING (id);
    IF listed IS NOT NULL THEN
        PERFORM security.record('portfolios listed', page, NULL, NULL,
            jsonb_build_object('portfolios', listed, 'session', left(in_session, 12)), NULL, '');
    END IF;
END
$$;

CREATE FUNCTION security.clear_sights() RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    cleared integer;
BEGIN
    -- No session lasts longer than a week.
    DELETE FROM session_sight WHERE at < clock_timestamp() - interval '8 days';
    GET DIAGNOSTICS cleared = ROW_COUNT;
    RETURN cleared;
END
$$;

REVOKE ALL ON FUNCTION security.note_sight(text, text, text), security.clear_sights() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION security.note_sight(text, text, text) TO helio_web;
GRANT EXECUTE ON FUNCTION security.clear_sights() TO helio_worker;
