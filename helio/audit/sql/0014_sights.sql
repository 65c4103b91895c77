-- Purpose: which portfolios a session has been told of already: the trail names each once a session.
-- Grain:   one row per session and portfolio page, or portfolio in a list.
-- Owner:   helio_owner.  Readers: helio_guard's functions only.

CREATE TABLE public.session_sight (
    session_key text NOT NULL,
    sight       text NOT NULL,
    at          timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (session_key, sight)
);
ALTER TABLE public.session_sight ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.session_sight FORCE ROW LEVEL SECURITY;
REVOKE ALL ON public.session_sight FROM PUBLIC;
GRANT SELECT, INSERT, DELETE ON public.session_sight TO helio_guard;
CREATE POLICY guard ON public.session_sight TO helio_guard USING (true) WITH CHECK (true);
