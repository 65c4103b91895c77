-- Purpose: attaches the event of an ended batch to the table of batches.
-- Grain:   fires per batch whose state changes to an end.
-- Owner:   helio_owner.

CREATE TRIGGER audit_ingest AFTER UPDATE ON public.batch
    FOR EACH ROW WHEN (NEW.state IS DISTINCT FROM OLD.state AND NEW.state <> 'running')
    EXECUTE FUNCTION security.audit_ingest();
