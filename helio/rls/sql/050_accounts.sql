-- Purpose: who may read and write people and roles. Judged by the signed identity, so that a
--          crafted request, or a query somebody slipped in, gains nobody a right.
-- Grain:   one row per person; one row per person and role.
-- Owner:   helio_owner.  Readers: helio_web, helio_guard (to judge), helio_migrate (first set-up).
--
--   People:  any web process may look a person up (signing in comes before an identity).
--            A person may change their own name, e-mail, password and preferences.
--            An administrator may add and change people. Nobody may make a superuser.
--   Roles:   an administrator gives and takes any role, a manager the analyst role of people in
--            their own team; neither to themselves.

ALTER TABLE person ENABLE ROW LEVEL SECURITY;
ALTER TABLE person FORCE ROW LEVEL SECURITY;
ALTER TABLE person_groups ENABLE ROW LEVEL SECURITY;
ALTER TABLE person_groups FORCE ROW LEVEL SECURITY;
ALTER TABLE person_user_permissions ENABLE ROW LEVEL SECURITY;
ALTER TABLE person_user_permissions FORCE ROW LEVEL SECURITY;

GRANT SELECT ON person, person_groups, auth_group TO helio_worker, helio_audit, helio_backup;
GRANT SELECT ON auth_permission, django_content_type, auth_group_permissions
    TO helio_web, helio_worker, helio_migrate, helio_audit, helio_backup;
GRANT SELECT, INSERT, UPDATE ON person TO helio_web, helio_migrate;
GRANT SELECT, INSERT, DELETE ON person_groups TO helio_web, helio_migrate;
GRANT SELECT ON person_user_permissions TO helio_web;
GRANT SELECT ON auth_group TO helio_web;
GRANT SELECT, INSERT ON auth_group TO helio_migrate;

CREATE POLICY judge ON person FOR SELECT TO helio_guard, helio_worker, helio_audit USING (true);
CREATE POLICY judge ON person_groups FOR SELECT TO helio_guard, helio_worker, helio_audit USING (true);
CREATE POLICY set_up ON person TO helio_migrate USING (true) WITH CHECK (true);
CREATE POLICY set_up ON person_groups TO helio_migrate USING (true) WITH CHECK (true);

CREATE POLICY look_up ON person FOR SELECT TO helio_web USING (true);
CREATE POLICY own_account ON person FOR UPDATE TO helio_web
    USING (id = (SELECT security.uid())) WITH CHECK (id = (SELECT security.uid()));
CREATE POLICY administer ON person FOR INSERT TO helio_web
    WITH CHECK ((SELECT security.has_role('administrator')));
CREATE POLICY administer_change ON person FOR UPDATE TO helio_web
    USING ((SELECT security.has_role('administrator')))
    WITH CHECK ((SELECT security.has_role('administrator')));
CREATE POLICY no_superuser ON person AS RESTRICTIVE FOR INSERT TO helio_web WITH CHECK (NOT is_superuser);
CREATE POLICY no_superuser_change ON person AS RESTRICTIVE FOR UPDATE TO helio_web
    USING (NOT is_superuser) WITH CHECK (NOT is_superuser);

CREATE POLICY look_up ON person_groups FOR SELECT TO helio_web USING (true);
CREATE POLICY administer ON person_groups FOR INSERT TO helio_web
    WITH CHECK ((SELECT security.has_role('administrator')));
CREATE POLICY administer_end ON person_groups FOR DELETE TO helio_web
    USING ((SELECT security.has_role('administrator')));
CREATE POLICY team ON person_groups FOR INSERT TO helio_web
    WITH CHECK (security.may_assign(user_id, group_id));
CREATE POLICY team_end ON person_groups FOR DELETE TO helio_web
    USING (security.may_assign(user_id, group_id));
CREATE POLICY not_oneself ON person_groups AS RESTRICTIVE FOR INSERT TO helio_web
    WITH CHECK (user_id <> (SELECT security.uid()));
CREATE POLICY not_oneself_end ON person_groups AS RESTRICTIVE FOR DELETE TO helio_web
    USING (user_id <> (SELECT security.uid()));
CREATE POLICY nobody ON person_user_permissions FOR SELECT TO helio_web
    USING (user_id = (SELECT security.uid()));

-- A person who is no administrator cannot touch the columns that carry rights, not even their own.
CREATE FUNCTION public.person_rights_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    IF current_user = 'helio_web'
       AND (OLD.username, OLD.is_staff, OLD.is_active, OLD.is_superuser, OLD.team)
           IS DISTINCT FROM (NEW.username, NEW.is_staff, NEW.is_active, NEW.is_superuser, NEW.team)
       AND (NOT security.has_role('administrator') OR NEW.id = security.uid())
    THEN
        RAISE insufficient_privilege
            USING MESSAGE = 'Only another administrator may change a person''s name, team or status.';
    END IF;
    RETURN NEW;
END
$$;
REVOKE ALL ON FUNCTION public.person_rights_guard() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.person_rights_guard() TO helio_web, helio_migrate;
CREATE TRIGGER person_rights_guard BEFORE UPDATE ON person
    FOR EACH ROW EXECUTE FUNCTION public.person_rights_guard();
