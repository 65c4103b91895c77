-- Purpose: attaches the change-noting functions to definitions, crosswalk, proposals and closes.
-- Owner:   helio_owner.

CREATE TRIGGER audit_change AFTER INSERT OR DELETE OR UPDATE OF name, system, definition, digest, load_order,
    every_seconds, grace_seconds, due_local_time, due_zone, due_on, way, keep_bytes_days ON public.source
    FOR EACH ROW EXECUTE FUNCTION security.audit_change(
        'definition', 'name',
        'name,system,definition,digest,load_order,every_seconds,grace_seconds,due_local_time,due_zone,due_on,way,keep_bytes_days');
CREATE TRIGGER audit_change AFTER INSERT OR DELETE OR UPDATE ON public.source_rank
    FOR EACH ROW EXECUTE FUNCTION security.audit_change('precedence', 'record', 'source_id,record,rank,known_from');
CREATE TRIGGER audit_change AFTER INSERT OR DELETE OR UPDATE OF state ON public.mapping_proposal
    FOR EACH ROW EXECUTE FUNCTION security.audit_change('proposal', 'value', 'kind,action,scheme,value,state');
CREATE TRIGGER audit_change AFTER INSERT OR DELETE OR UPDATE OF state, month ON public.period_close
    FOR EACH ROW EXECUTE FUNCTION security.audit_change('close', 'month', 'month,state,version_number');

CREATE TRIGGER audit_added AFTER INSERT ON public.identifier REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION security.audit_rows('mapping');
CREATE TRIGGER audit_changed AFTER UPDATE ON public.identifier REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION security.audit_rows('mapping');
CREATE TRIGGER audit_removed AFTER DELETE ON public.identifier REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION security.audit_rows('mapping');
CREATE TRIGGER audit_added AFTER INSERT ON public.portfolio_key REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION security.audit_rows('mapping');
CREATE TRIGGER audit_changed AFTER UPDATE ON public.portfolio_key REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION security.audit_rows('mapping');
CREATE TRIGGER audit_removed AFTER DELETE ON public.portfolio_key REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION security.audit_rows('mapping');
