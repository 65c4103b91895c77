-- Purpose: the roles administrator and auditor take two people: one asks, another approves, and the
--          database gives the role when it is approved. Nothing else gives them to the web role.
-- Grain:   one row per request.
-- Owner:   helio_owner; the functions that give and note are helio_guard's.
-- Readers: administrators and auditors all; the person asked for, their own.

ALTER TABLE role_request ENABLE ROW LEVEL SECURITY;
ALTER TABLE role_request FORCE ROW LEVEL SECURITY;
GRANT SELECT ON role_request TO helio_guard, helio_audit, helio_backup, helio_web;
GRANT INSERT, UPDATE (decision) ON role_request TO helio_web;

CREATE POLICY judge ON role_request FOR SELECT TO helio_guard, helio_audit USING (true);
CREATE POLICY staff ON role_request FOR SELECT TO helio_web
    USING ((SELECT security.has_role('administrator', 'auditor')) OR person_id = (SELECT security.uid()));
CREATE POLICY ask ON role_request FOR INSERT TO helio_web
    WITH CHECK ((SELECT security.has_role('administrator')) AND security.is_guarded_role(role_id));
CREATE POLICY decide ON role_request FOR UPDATE TO helio_web
    USING ((SELECT security.has_role('administrator')));
CREATE POLICY floor ON role_request AS RESTRICTIVE TO helio_web
    USING ((SELECT security.uid()) IS NOT NULL);

-- Stamps who asks and who decides; refuses what two people did not both say.
CREATE FUNCTION public.role_request_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
    me integer := security.uid();
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.person_id = me THEN
            RAISE insufficient_privilege USING MESSAGE = 'Nobody asks for a role of their own.';
        END IF;
        NEW.asked_by_id := me;
        NEW.asked_at := clock_timestamp();
        NEW.decision := '';
        NEW.decided_by_id := NULL;
        NEW.decided_at := NULL;
        RETURN NEW;
    END IF;
    IF OLD.decision <> '' THEN
        RAISE insufficient_privilege USING MESSAGE = 'This request was decided already.';
    END IF;
    IF NEW.decision = 'approved' THEN
        PERFORM public.role_request_may_be_approved(NEW, me);
    ELSIF (NEW.decision = 'withdrawn') IS DISTINCT FROM (OLD.asked_by_id = me)
          OR NEW.decision NOT IN ('refused', 'withdrawn') THEN
        RAISE insufficient_privilege USING MESSAGE = 'Who asked may withdraw; another may refuse or approve.';
    END IF;
    NEW.decided_by_id := me;
    NEW.decided_at := clock_timestamp();
    RETURN NEW;
END
$$;

CREATE FUNCTION public.role_request_may_be_approved(request role_request, me integer) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    IF me IN (request.asked_by_id, request.person_id) THEN
        RAISE insufficient_privilege USING MESSAGE = 'Another administrator must approve.';
    END IF;
    IF request.asked_at < clock_timestamp() - interval '7 days' THEN
        RAISE insufficient_privilege USING MESSAGE = 'This request is older than seven days: ask again.';
    END IF;
    IF NOT security.still_administers(request.asked_by_id) THEN
        RAISE insufficient_privilege USING MESSAGE = 'Who asked is no administrator any more.';
    END IF;
    IF security.password_known_to_another(request.person_id) THEN
        RAISE insufficient_privilege
            USING MESSAGE = 'This person''s password was set by somebody else: they must choose their own first.';
    END IF;
END
$$;

REVOKE ALL ON FUNCTION public.role_request_guard(),
    public.role_request_may_be_approved(role_request, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.role_request_guard(),
    public.role_request_may_be_approved(role_request, integer) TO helio_web, helio_migrate;
CREATE TRIGGER role_request_guard BEFORE INSERT OR UPDATE ON role_request
    FOR EACH ROW EXECUTE FUNCTION public.role_request_guard();
CREATE TRIGGER role_request_decided AFTER INSERT OR UPDATE ON role_request
    FOR EACH ROW EXECUTE FUNCTION security.role_request_decided();
