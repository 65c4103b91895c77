-- Purpose: whose password was set by somebody else and has to be changed by its owner.
-- Grain:   one row per person; gone once they chose one of their own.
-- Owner:   helio_owner.  Readers: helio_web, each person their own row.

CREATE TABLE public.password_due (
    person_id bigint PRIMARY KEY REFERENCES public.person ON DELETE CASCADE,
    since     timestamptz NOT NULL DEFAULT clock_timestamp()
);
ALTER TABLE public.password_due ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.password_due FORCE ROW LEVEL SECURITY;
REVOKE ALL ON public.password_due FROM PUBLIC;
GRANT SELECT ON public.password_due TO helio_web;
GRANT SELECT, INSERT, DELETE ON public.password_due TO helio_guard;
CREATE POLICY guard ON public.password_due TO helio_guard USING (true) WITH CHECK (true);
CREATE POLICY own ON public.password_due FOR SELECT TO helio_web USING (person_id = (SELECT security.uid()));
CREATE POLICY floor ON public.password_due AS RESTRICTIVE TO helio_web USING (person_id = (SELECT security.uid()));
