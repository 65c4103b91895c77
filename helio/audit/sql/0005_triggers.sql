-- Purpose: attaches the change-noting functions to people and roles.
-- Grain:   one trigger per table; fires per row, so that a bulk write leaves one event per person.
-- Owner:   helio_owner.

CREATE TRIGGER audit_person AFTER INSERT OR UPDATE OR DELETE ON public.person
    FOR EACH ROW EXECUTE FUNCTION security.audit_person();
CREATE TRIGGER audit_role AFTER INSERT OR UPDATE OR DELETE ON public.person_groups
    FOR EACH ROW EXECUTE FUNCTION security.audit_role();
CREATE TRIGGER audit_permission AFTER INSERT OR UPDATE OR DELETE ON public.person_user_permissions
    FOR EACH ROW EXECUTE FUNCTION security.audit_permission();
CREATE TRIGGER audit_permission AFTER INSERT OR UPDATE OR DELETE ON public.auth_group_permissions
    FOR EACH ROW EXECUTE FUNCTION security.audit_permission();
