-- Purpose: what operations may write: set an exception aside or look after it, hand out rejects,
--          ask the worker for something. Whatever takes effect on facts is done by the worker.
-- Owner:   helio_owner.  Readers: operations and auditors; auditors write nothing.

CALL security.staff('resend', 'operations', 'auditor');
CALL security.staff('work_request', 'operations', 'auditor');
REVOKE UPDATE, DELETE ON resend FROM helio_worker;
REVOKE DELETE ON work_request FROM helio_worker;

GRANT INSERT (file_id, exception_ids, made_by_id) ON resend TO helio_web;
GRANT USAGE ON SEQUENCE resend_id_seq, work_request_id_seq TO helio_web, helio_worker;
CREATE POLICY operations_hands_out ON resend FOR INSERT TO helio_web
    WITH CHECK ((SELECT security.has_role('operations'))
                AND made_by_id = (SELECT security.uid()));

GRANT INSERT (kind, source_id, state, asked_by_id) ON work_request TO helio_web;
CREATE POLICY operations_asks ON work_request FOR INSERT TO helio_web
    WITH CHECK ((SELECT security.has_role('operations'))
                AND asked_by_id = (SELECT security.uid())
                AND state = 'asked');

-- Open exceptions only; what is settled stays as it was settled.
GRANT UPDATE (state, outcome, settled_at, settled_by_id, owner_id, note) ON exception_item TO helio_web;
CREATE POLICY operations_decides ON exception_item FOR UPDATE TO helio_web
    USING ((SELECT security.has_role('operations')) AND state IN ('held', 'rejected'))
    WITH CHECK ((SELECT security.has_role('operations'))
                AND (state IN ('held', 'rejected') AND settled_by_id IS NULL
                     OR state = 'dismissed' AND settled_by_id = (SELECT security.uid())));

-- A policy sees the row before or after, never both: this alone can tell held from made held.
CREATE FUNCTION public.exception_item_is_only_set_aside() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        RAISE insufficient_privilege USING MESSAGE =
            'An exception can be set aside here, and nothing else: the worker settles the rest.';
    END
    $$;

CREATE TRIGGER exception_item_is_only_set_aside BEFORE UPDATE OF state ON exception_item
    FOR EACH ROW WHEN (current_user = 'helio_web' AND NEW.state IS DISTINCT FROM OLD.state
                       AND NEW.state <> 'dismissed')
    EXECUTE FUNCTION public.exception_item_is_only_set_aside();

-- The bytes as received, for those who may read the text of the same file already.
GRANT SELECT ON source_part TO helio_web;
CREATE POLICY staff ON source_part FOR SELECT TO helio_web
    USING ((SELECT security.has_role('operations', 'auditor')));
