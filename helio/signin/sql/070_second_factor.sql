-- Purpose: second factors are read by their owner, and by who is about to prove them; by nobody else,
--          administrators and auditors included.
-- Grain:   one row per factor of a person.
-- Owner:   helio_owner.  Readers: helio_web through these policies.

ALTER TABLE public.mfa_authenticator ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.mfa_authenticator FORCE ROW LEVEL SECURITY;
REVOKE ALL ON public.mfa_authenticator FROM PUBLIC;
GRANT SELECT, INSERT, UPDATE, DELETE ON public.mfa_authenticator TO helio_web;
GRANT SELECT (id, user_id, type), DELETE ON public.mfa_authenticator TO helio_guard;

CREATE POLICY own ON public.mfa_authenticator TO helio_web
    USING (user_id = (SELECT security.uid())) WITH CHECK (user_id = (SELECT security.uid()));
CREATE POLICY proving ON public.mfa_authenticator FOR SELECT TO helio_web
    USING (user_id = (SELECT security.pending()));
-- A recovery code is used up, and a code of the clock never counts twice.
CREATE POLICY proved ON public.mfa_authenticator FOR UPDATE TO helio_web
    USING (user_id = (SELECT security.pending())) WITH CHECK (user_id = (SELECT security.pending()));
CREATE POLICY floor ON public.mfa_authenticator AS RESTRICTIVE TO helio_web
    USING (user_id IN ((SELECT security.uid()), (SELECT security.pending())) AND (SELECT security.viewer()) IS NULL)
    WITH CHECK (user_id IN ((SELECT security.uid()), (SELECT security.pending())));
CREATE POLICY guard ON public.mfa_authenticator TO helio_guard USING (true);
