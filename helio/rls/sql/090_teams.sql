-- Purpose: who may read teams, and the rights with which they are set up. A team is a group of the
--          framework with a row here, so that a grant to it is a grant to a group like any other.
-- Grain:   one row per team; one row per team and manager. Members stand in person_groups.
-- Owner:   helio_owner.  Readers: helio_web, helio_guard (to judge), helio_migrate (first set-up).
--
--   Names:    every signed-in person may know which teams there are and who leads them.
--   Managers: an administrator names them, never themselves.

ALTER TABLE team ENABLE ROW LEVEL SECURITY;
ALTER TABLE team FORCE ROW LEVEL SECURITY;
ALTER TABLE team_manager ENABLE ROW LEVEL SECURITY;
ALTER TABLE team_manager FORCE ROW LEVEL SECURITY;

GRANT SELECT ON team, team_manager TO helio_guard, helio_worker, helio_audit, helio_backup, helio_web;
GRANT INSERT ON team TO helio_guard;
GRANT INSERT, DELETE ON team_manager TO helio_web;
GRANT SELECT, INSERT, DELETE ON team, team_manager TO helio_migrate;
GRANT DELETE ON person_groups TO helio_migrate;

CREATE POLICY judge ON team FOR SELECT TO helio_guard, helio_worker, helio_audit USING (true);
CREATE POLICY judge ON team_manager FOR SELECT TO helio_guard, helio_worker, helio_audit USING (true);
CREATE POLICY made ON team FOR INSERT TO helio_guard WITH CHECK (true);
CREATE POLICY set_up ON team TO helio_migrate USING (true) WITH CHECK (true);
CREATE POLICY set_up ON team_manager TO helio_migrate USING (true) WITH CHECK (true);

CREATE POLICY signed_in ON team FOR SELECT TO helio_web USING ((SELECT security.uid()) IS NOT NULL);
CREATE POLICY signed_in ON team_manager FOR SELECT TO helio_web
    USING ((SELECT security.uid()) IS NOT NULL);
CREATE POLICY administer ON team_manager FOR INSERT TO helio_web
    WITH CHECK ((SELECT security.has_role('administrator')));
CREATE POLICY administer_end ON team_manager FOR DELETE TO helio_web
    USING ((SELECT security.has_role('administrator')));
CREATE POLICY not_oneself ON team_manager AS RESTRICTIVE FOR INSERT TO helio_web
    WITH CHECK (user_id <> (SELECT security.uid()));
CREATE POLICY not_oneself_end ON team_manager AS RESTRICTIVE FOR DELETE TO helio_web
    USING (user_id <> (SELECT security.uid()));
