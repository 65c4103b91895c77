-- Purpose: roles and teams by the rule of 092; and which columns of a person another may write.
-- Grain:   one row per person and group; one row per person.
-- Owner:   helio_owner.  Readers: as in 050_accounts.sql.

GRANT INSERT ON auth_group, person_groups TO helio_guard;
CREATE POLICY approved ON person_groups FOR INSERT TO helio_guard WITH CHECK (true);

DROP POLICY administer ON person_groups;
DROP POLICY administer_end ON person_groups;
DROP POLICY team ON person_groups;
DROP POLICY team_end ON person_groups;
CREATE POLICY assign ON person_groups FOR INSERT TO helio_web
    WITH CHECK (security.may_assign(user_id, group_id));
CREATE POLICY dismiss ON person_groups FOR DELETE TO helio_web
    USING (security.may_dismiss(user_id, group_id));
CREATE POLICY takes_two ON person_groups AS RESTRICTIVE FOR INSERT TO helio_web
    WITH CHECK (NOT security.is_guarded_role(group_id));

-- Who may write what of a person, beyond the policies:
--   * only another administrator: name to sign in with, status;
--   * of an administrator or auditor, not even they: a password, address or name that another set,
--     or an account that another wakes up, is the other's way into the role. Such people change
--     their password themselves, or have it set on the command line (set_password).
CREATE OR REPLACE FUNCTION public.person_rights_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    IF current_user <> 'helio_web' THEN
        RETURN NEW;
    END IF;
    IF (OLD.username, OLD.is_staff, OLD.is_active, OLD.is_superuser)
       IS DISTINCT FROM (NEW.username, NEW.is_staff, NEW.is_active, NEW.is_superuser)
       AND (NOT security.has_role('administrator') OR NEW.id = security.uid())
    THEN
        RAISE insufficient_privilege
            USING MESSAGE = 'Only another administrator may change a person''s name or status.';
    END IF;
    IF NEW.id IS DISTINCT FROM security.uid()
       AND ((OLD.username, OLD.password, OLD.email) IS DISTINCT FROM (NEW.username, NEW.password, NEW.email)
            OR (NEW.is_active AND NOT OLD.is_active))
       AND EXISTS (SELECT FROM public.person_groups
                    WHERE user_id = NEW.id AND security.is_guarded_role(group_id))
    THEN
        RAISE insufficient_privilege
            USING MESSAGE = 'Nobody may take over the account of an administrator or auditor: '
                            'its password, address, name or revival is not another''s to set.';
    END IF;
    RETURN NEW;
END
$$;
