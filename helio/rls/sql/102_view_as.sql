-- Purpose: an administrator looks at the pages as somebody else sees them: for a quarter of an hour,
--          to read and nothing else, on record from the first to the last page.
-- Grain:   one row per view-as.
-- Owner:   table and guard helio_owner; the functions that judge are helio_guard's.
-- Readers: helio_web: who looks, who is looked at, administrators and auditors.
--
-- Not as an administrator or an auditor, whose perimeter is no desk's, nor as who looks. The
-- identity (101) names both, and is worth nothing where anything could be written.

ALTER TABLE view_as ENABLE ROW LEVEL SECURITY;
ALTER TABLE view_as FORCE ROW LEVEL SECURITY;
GRANT SELECT ON view_as TO helio_guard, helio_audit, helio_backup, helio_web;
GRANT INSERT, UPDATE (ended_at) ON view_as TO helio_web;

CREATE POLICY judge ON view_as FOR SELECT TO helio_guard, helio_audit USING (true);
CREATE POLICY concerned ON view_as FOR SELECT TO helio_web
    USING ((SELECT security.uid()) IN (actor_id, person_id)
           OR (SELECT security.has_role('administrator', 'auditor')));
CREATE POLICY begin ON view_as FOR INSERT TO helio_web
    WITH CHECK (security.may_view_as(actor_id, person_id));
CREATE POLICY finish ON view_as FOR UPDATE TO helio_web USING (actor_id = (SELECT security.uid()));
CREATE POLICY floor ON view_as AS RESTRICTIVE TO helio_web
    USING ((SELECT security.uid()) IS NOT NULL);

CREATE FUNCTION public.view_as_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        NEW.actor_id := security.uid();
        NEW.started_at := clock_timestamp();
        NEW.ends_at := NEW.started_at + interval '15 minutes';
        NEW.ended_at := NULL;
    ELSIF OLD.ended_at IS NOT NULL THEN
        RAISE insufficient_privilege USING MESSAGE = 'This has ended. Begin again, for a reason.';
    ELSIF NEW.ended_at IS NOT NULL THEN
        NEW.ended_at := clock_timestamp();
    END IF;
    RETURN NEW;
END
$$;
REVOKE ALL ON FUNCTION public.view_as_guard() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.view_as_guard() TO helio_web;
CREATE TRIGGER view_as_guard BEFORE INSERT OR UPDATE ON view_as
    FOR EACH ROW EXECUTE FUNCTION public.view_as_guard();
CREATE TRIGGER view_as_noted AFTER INSERT OR UPDATE ON view_as
    FOR EACH ROW EXECUTE FUNCTION security.view_as_noted();
