-- Purpose: attaches the change-noting function to portfolio access of people and of teams.
-- Grain:   one trigger per table; fires per row, so that a bulk write leaves one event per grant.
-- Owner:   helio_owner.

CREATE TRIGGER audit_access AFTER INSERT OR UPDATE OR DELETE ON public.portfolio_user_grant
    FOR EACH ROW EXECUTE FUNCTION security.audit_access();
CREATE TRIGGER audit_access AFTER INSERT OR UPDATE OR DELETE ON public.portfolio_group_grant
    FOR EACH ROW EXECUTE FUNCTION security.audit_access();
