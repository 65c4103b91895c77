-- Purpose: the one door into the audit trail, and the chaining of what came through it.
-- Grain:   one call per event.
-- Owner:   helio_guard.  Readers: helio_web and helio_worker call security.record().

-- Who acts is what the signed identity proves. The web process records nothing without one; other
-- processes have no signatures and say for whom they act, or act as themselves.
CREATE FUNCTION security.record(
    action text, object text, portfolio_id integer, version_number integer, detail jsonb,
    actor_id integer, actor text
) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    signed_id integer := security.uid();
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'An audit event needs a READ COMMITTED transaction.'
            USING HINT = 'Under an old snapshot it would be chained to a stale head.';
    END IF;
    IF signed_id IS NOT NULL THEN
        actor_id := signed_id;
        actor := (SELECT username FROM public.person WHERE id = signed_id);
    ELSIF session_user = 'helio_web' THEN
        RAISE EXCEPTION 'An audit event of the web role needs a signed identity.';
    END IF;
    INSERT INTO public.audit_note (actor_id, actor, recorded_by, action, object, portfolio_id,
                                   version_number, detail)
    VALUES (record.actor_id, coalesce(nullif(record.actor, ''), session_user), session_user,
            record.action, record.object, record.portfolio_id, record.version_number,
            coalesce(record.detail, '{}'));
END
$$;

-- At the commit: the identity is gone by then, which is why the note carries it.
CREATE FUNCTION security.audit_commit() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    INSERT INTO public.audit_event (actor_id, actor, recorded_by, action, object, portfolio_id,
                                    version_number, detail)
    VALUES (NEW.actor_id, NEW.actor, NEW.recorded_by, NEW.action, NEW.object, NEW.portfolio_id,
            NEW.version_number, NEW.detail);
    DELETE FROM public.audit_note WHERE id = NEW.id;
    RETURN NULL;
END
$$;

-- As in 0001, but for an event that was noted: it says already who recorded it. Nobody but the
-- functions of helio_guard can insert here.
CREATE OR REPLACE FUNCTION security.audit_link() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    AS $$
    DECLARE
        head_id bigint;
        head_hash bytea;
        signed_id integer;
    BEGIN
        IF current_setting('transaction_isolation') <> 'read committed' THEN
            RAISE EXCEPTION 'An audit event needs a READ COMMITTED transaction.'
                USING HINT = 'Under an old snapshot it would be chained to a stale head.';
        END IF;
        PERFORM pg_advisory_xact_lock(hashtextextended('public.audit_event', 0));
        SELECT id, hash INTO head_id, head_hash
            FROM public.audit_event ORDER BY id DESC LIMIT 1;
        NEW.id := coalesce(head_id, 0) + 1;
        NEW.previous_hash := coalesce(head_hash, sha256('Helio audit trail'));
        NEW.at := clock_timestamp();
        IF NEW.recorded_by = '' THEN
            NEW.recorded_by := session_user;
            signed_id := security.uid();
            IF signed_id IS NOT NULL THEN
                NEW.actor_id := signed_id;
                NEW.actor := (SELECT username FROM public.person WHERE id = signed_id);
            ELSIF session_user = 'helio_web' THEN
                IF NEW.action <> 'sign-in failed' THEN
                    RAISE EXCEPTION 'An audit event of the web role needs a signed identity.';
                END IF;
                NEW.actor_id := NULL;
                NEW.actor := '';
            ELSIF coalesce(NEW.actor, '') = '' THEN
                NEW.actor := session_user;
            END IF;
        END IF;
        NEW.hash := security.audit_hash(NEW);
        RETURN NEW;
    END
    $$;

-- A load may end many batches long before it commits.
CREATE OR REPLACE FUNCTION security.audit_ingest() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        PERFORM security.record(
            'ingest', (SELECT name FROM public.source WHERE id = NEW.source_id)::text, NULL, NULL,
            jsonb_build_object(
                'batch', NEW.id, 'state', NEW.state, 'started_by', NEW.started_by,
                'files', NEW.files_received, 'received', NEW.received, 'loaded', NEW.loaded,
                'superseded', NEW.superseded, 'duplicate', NEW.duplicate,
                'quarantined', NEW.quarantined, 'rejected', NEW.rejected),
            NULL, '');
        RETURN NULL;
    END
    $$;

REVOKE ALL ON FUNCTION
    security.record(text, text, integer, integer, jsonb, integer, text), security.audit_commit()
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION security.record(text, text, integer, integer, jsonb, integer, text)
    TO helio_web, helio_worker;
GRANT EXECUTE ON FUNCTION security.audit_commit() TO helio_owner;
