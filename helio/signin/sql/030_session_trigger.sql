-- Purpose: notices a password that was set and an account that was closed, whoever does it.
-- Owner:   helio_owner.

CREATE TRIGGER password_set AFTER INSERT OR UPDATE OF password, is_active ON public.person
    FOR EACH ROW EXECUTE FUNCTION security.password_set();
