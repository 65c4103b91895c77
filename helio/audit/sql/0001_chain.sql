-- Purpose: makes audit_event append-only and hash-chained.
-- Grain:   one row per thing that somebody did.
-- Owner:   table helio_owner (RLS forced: the owner itself sees nothing); functions helio_guard.
-- Readers: helio_web (auditors all, others their own events), helio_worker and helio_audit all.
--
-- The hash of a row is sha256(previous hash || the row's fields as netstrings); the formula is
-- repeated in helio/audit/chain.py, so that a verifier need not trust this database's functions.

CREATE FUNCTION security.netstring(field text) RETURNS text
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    SET search_path = pg_catalog, pg_temp
    AS $$ SELECT CASE WHEN field IS NULL THEN '-,'
                      ELSE octet_length(convert_to(field, 'UTF8')) || ':' || field || ',' END $$;

CREATE FUNCTION security.audit_hash(event public.audit_event) RETURNS bytea
    LANGUAGE sql STABLE
    SET search_path = pg_catalog, pg_temp
    AS $$
        SELECT sha256(event.previous_hash || convert_to(
            security.netstring(event.id::text)
            || security.netstring(to_char(event.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'))
            || security.netstring(event.actor_id::text)
            || security.netstring(event.actor)
            || security.netstring(event.recorded_by)
            || security.netstring(event.action)
            || security.netstring(event.object)
            || security.netstring(event.portfolio_id::text)
            || security.netstring(event.version_number::text)
            || security.netstring(event.detail::text), 'UTF8'))
    $$;

-- Numbers, dates, signs and chains the new event. Runs as helio_guard to see the head of the
-- chain, which the writer may not. The lock is held to the end of the transaction: two writers
-- that read the same head would fork the chain (the unique previous_hash refuses that as well).
CREATE FUNCTION security.audit_link() RETURNS trigger
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
        NEW.hash := security.audit_hash(NEW);
        RETURN NEW;
    END
    $$;

CREATE FUNCTION security.audit_refuse() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        RAISE EXCEPTION 'The audit trail is append-only: % is refused.', TG_OP
            USING ERRCODE = 'insufficient_privilege';
    END
    $$;

-- A failed sign-in has no identity to sign with, so it comes in by this one door, which can
-- write nothing else.
CREATE FUNCTION security.note_failed_sign_in(typed_name text, address text) RETURNS void
    LANGUAGE sql VOLATILE SECURITY DEFINER
    SET search_path = pg_catalog, pg_temp
    AS $$
        INSERT INTO public.audit_event (action, object, detail)
        VALUES ('sign-in failed', left(typed_name, 150),
                jsonb_build_object('address', left(address, 60)));
    $$;

REVOKE ALL ON FUNCTION security.netstring(text), security.audit_hash(public.audit_event),
    security.audit_link(), security.audit_refuse(), security.note_failed_sign_in(text, text)
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION security.note_failed_sign_in(text, text) TO helio_web;
-- Who creates a trigger must be allowed to call its function.
GRANT EXECUTE ON FUNCTION security.audit_link(), security.audit_refuse() TO helio_owner;
