-- Purpose: attaches the event to second factors that come and go; using one is told by the sign-in.
-- Owner:   helio_owner.

CREATE TRIGGER audit_factor AFTER INSERT OR DELETE ON public.mfa_authenticator
    FOR EACH ROW EXECUTE FUNCTION security.audit_factor();
