-- Purpose: sessions in the database, such that reading this table signs nobody in.
-- Grain:   one row per session; nobody's before signing in.
-- Owner:   helio_owner.  Readers: a person their own sessions (never the data), helio_guard.
--
-- The key is the SHA-256 of what the cookie holds, and the data is signed over that key: neither a
-- key read here nor a row copied under a key of one's own opens a session.

CREATE TABLE public.person_session (
    session_key  text PRIMARY KEY CHECK (session_key ~ '^[0-9a-f]{64}$'),
    person_id    bigint REFERENCES public.person ON DELETE CASCADE,
    started_at   timestamptz NOT NULL DEFAULT clock_timestamp(),
    used_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
    idle_until   timestamptz NOT NULL,
    expire_date  timestamptz NOT NULL,
    address      text NOT NULL DEFAULT '' CHECK (length(address) <= 60),
    device       text NOT NULL DEFAULT '' CHECK (length(device) <= 200),
    session_data text NOT NULL
);
CREATE INDEX person_session_of ON public.person_session (person_id);
CREATE INDEX person_session_end ON public.person_session (expire_date);

ALTER TABLE public.person_session ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.person_session FORCE ROW LEVEL SECURITY;
REVOKE ALL ON public.person_session FROM PUBLIC;
GRANT SELECT (session_key, person_id, started_at, used_at, idle_until, expire_date, address, device)
    ON public.person_session TO helio_web;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.person_session TO helio_guard;
CREATE POLICY guard ON public.person_session TO helio_guard USING (true) WITH CHECK (true);
CREATE POLICY own ON public.person_session FOR SELECT TO helio_web
    USING (person_id = (SELECT security.uid()));
-- Not even who looks as them.
CREATE POLICY floor ON public.person_session AS RESTRICTIVE TO helio_web
    USING (person_id = (SELECT security.uid()) AND (SELECT security.viewer()) IS NULL);

-- The framework's own table is not used any more: whoever could read it could take a session over.
DELETE FROM public.django_session;
REVOKE ALL ON public.django_session FROM helio_web, helio_guard;
