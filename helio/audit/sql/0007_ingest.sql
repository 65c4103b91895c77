-- Purpose: every batch that ends leaves an event, whatever ended it.
-- Grain:   one event per batch and end.
-- Owner:   function helio_guard, run as whoever ends the batch; trigger helio_owner.
-- Readers: called by the trigger of the table batch only.

CREATE FUNCTION security.audit_ingest() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        INSERT INTO public.audit_event (action, object, detail)
        VALUES ('ingest',
                (SELECT name FROM public.source WHERE id = NEW.source_id),
                jsonb_build_object(
                    'batch', NEW.id, 'state', NEW.state, 'started_by', NEW.started_by,
                    'files', NEW.files_received, 'received', NEW.received, 'loaded', NEW.loaded,
                    'superseded', NEW.superseded, 'duplicate', NEW.duplicate,
                    'quarantined', NEW.quarantined, 'rejected', NEW.rejected));
        RETURN NULL;
    END
    $$;

REVOKE ALL ON FUNCTION security.audit_ingest() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION security.audit_ingest() TO helio_owner;
