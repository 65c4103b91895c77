-- Purpose: tries to sign in, counted so that guessing is slow and the person guessed at is not
--          locked out.
-- Grain:   one row per try that was let through and has not succeeded; and one per refusal told.
-- Owner:   helio_owner.  Readers: helio_guard's functions only. Names stand here as digests: people
--          type passwords into the wrong field.

CREATE TABLE public.sign_in_try (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at        timestamptz NOT NULL DEFAULT clock_timestamp(),
    name_hash bytea NOT NULL,
    origin    text NOT NULL,
    known     boolean NOT NULL,
    refused   boolean NOT NULL
);
CREATE INDEX sign_in_try_of_name ON public.sign_in_try (name_hash, at);
CREATE INDEX sign_in_try_of_origin ON public.sign_in_try (origin, at);

ALTER TABLE public.sign_in_try ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.sign_in_try FORCE ROW LEVEL SECURITY;
REVOKE ALL ON public.sign_in_try FROM PUBLIC;
GRANT SELECT, INSERT, DELETE ON public.sign_in_try TO helio_guard;
CREATE POLICY guard ON public.sign_in_try TO helio_guard USING (true) WITH CHECK (true);
