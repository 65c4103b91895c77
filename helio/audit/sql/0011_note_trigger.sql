-- Purpose: chains what a transaction noted, at its commit.
-- Owner:   helio_owner.

CREATE CONSTRAINT TRIGGER audit_commit AFTER INSERT ON public.audit_note
    DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION security.audit_commit();
ALTER TABLE public.audit_note ENABLE ALWAYS TRIGGER audit_commit;
