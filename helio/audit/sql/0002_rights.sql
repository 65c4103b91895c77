-- Purpose: rights and policies of audit_event: insert and read, nothing else, for anybody.
-- Owner:   helio_owner.
-- Readers: helio_web: auditors all events, everyone their own; helio_worker, helio_audit all.

ALTER TABLE public.audit_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.audit_event FORCE ROW LEVEL SECURITY;

REVOKE ALL ON public.audit_event FROM PUBLIC, helio_web, helio_worker, helio_audit, helio_guard;
GRANT SELECT, INSERT ON public.audit_event TO helio_web, helio_worker;
GRANT SELECT ON public.audit_event TO helio_audit, helio_backup;
GRANT SELECT (id, hash), INSERT ON public.audit_event TO helio_guard;

CREATE POLICY reads_trail ON public.audit_event FOR SELECT TO helio_web
    USING ((SELECT security.has_role('auditor')) OR actor_id = (SELECT security.uid()));
CREATE POLICY records_own ON public.audit_event FOR INSERT TO helio_web
    WITH CHECK (actor_id = (SELECT security.uid()));
CREATE POLICY floor ON public.audit_event AS RESTRICTIVE FOR ALL TO helio_web
    USING ((SELECT security.uid()) IS NOT NULL);

CREATE POLICY worker_reads ON public.audit_event FOR SELECT TO helio_worker, helio_audit
    USING (true);
CREATE POLICY worker_records ON public.audit_event FOR INSERT TO helio_worker
    WITH CHECK (true);

-- The chaining and change-noting functions run as helio_guard.
CREATE POLICY guard_reads_head ON public.audit_event FOR SELECT TO helio_guard USING (true);
CREATE POLICY guard_records ON public.audit_event FOR INSERT TO helio_guard WITH CHECK (true);

CREATE TRIGGER audit_link BEFORE INSERT ON public.audit_event
    FOR EACH ROW EXECUTE FUNCTION security.audit_link();
CREATE TRIGGER audit_refuse BEFORE UPDATE OR DELETE OR TRUNCATE ON public.audit_event
    FOR EACH STATEMENT EXECUTE FUNCTION security.audit_refuse();
-- Also under session_replication_role = replica, which skips ordinary triggers.
ALTER TABLE public.audit_event ENABLE ALWAYS TRIGGER audit_link;
ALTER TABLE public.audit_event ENABLE ALWAYS TRIGGER audit_refuse;
