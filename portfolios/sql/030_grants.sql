-- Purpose: who may read, give and end access to a portfolio. Judged by the signed identity.
-- Grain:   one row per person (or team), portfolio and right.
-- Owner:   helio_owner.  Readers: helio_web, helio_guard (to judge), helio_migrate (first set-up).
--
--   Read:  one's own grants; a manager those on the portfolios they manage; administrators and
--          auditors all.
--   Give:  a manager the right to view what they manage; an administrator any right. In one's own
--          name, and never to oneself.
--   End:   the same people, by setting valid_until. Nothing else of a grant ever changes, and no
--          grant is deleted: what was given stays on record.

ALTER TABLE portfolio_user_grant ENABLE ROW LEVEL SECURITY;
ALTER TABLE portfolio_user_grant FORCE ROW LEVEL SECURITY;
ALTER TABLE portfolio_group_grant ENABLE ROW LEVEL SECURITY;
ALTER TABLE portfolio_group_grant FORCE ROW LEVEL SECURITY;

GRANT SELECT ON portfolio_user_grant, portfolio_group_grant
    TO helio_guard, helio_web, helio_worker, helio_audit, helio_backup;
GRANT INSERT, UPDATE (valid_until, reason) ON portfolio_user_grant, portfolio_group_grant TO helio_web;
GRANT SELECT, INSERT, UPDATE ON portfolio_user_grant, portfolio_group_grant TO helio_migrate;

CREATE POLICY judge ON portfolio_user_grant FOR SELECT TO helio_guard, helio_worker, helio_audit USING (true);
CREATE POLICY judge ON portfolio_group_grant FOR SELECT TO helio_guard, helio_worker, helio_audit USING (true);
CREATE POLICY set_up ON portfolio_user_grant TO helio_migrate USING (true) WITH CHECK (true);
CREATE POLICY set_up ON portfolio_group_grant TO helio_migrate USING (true) WITH CHECK (true);

CREATE POLICY own_grants ON portfolio_user_grant FOR SELECT TO helio_web
    USING (user_id = (SELECT security.uid()));
CREATE POLICY managed_grants ON portfolio_user_grant FOR SELECT TO helio_web
    USING (content_object_id = ANY ((SELECT security.managed())::integer[]));
CREATE POLICY all_grants ON portfolio_user_grant FOR SELECT TO helio_web
    USING ((SELECT security.has_role('administrator', 'auditor')));
CREATE POLICY managed_grants ON portfolio_group_grant FOR SELECT TO helio_web
    USING (content_object_id = ANY ((SELECT security.managed())::integer[])
           OR content_object_id = ANY ((SELECT security.perimeter())::integer[]));
CREATE POLICY all_grants ON portfolio_group_grant FOR SELECT TO helio_web
    USING ((SELECT security.has_role('administrator', 'auditor')));

CREATE POLICY give ON portfolio_user_grant FOR INSERT TO helio_web
    WITH CHECK (security.may_grant(content_object_id, permission_id));
CREATE POLICY give_end ON portfolio_user_grant FOR UPDATE TO helio_web
    USING (security.may_grant(content_object_id, permission_id))
    WITH CHECK (security.may_grant(content_object_id, permission_id));
CREATE POLICY not_to_oneself ON portfolio_user_grant AS RESTRICTIVE FOR INSERT TO helio_web
    WITH CHECK (user_id <> (SELECT security.uid()) AND granted_by_id = (SELECT security.uid()));
CREATE POLICY not_of_oneself ON portfolio_user_grant AS RESTRICTIVE FOR UPDATE TO helio_web
    USING (user_id <> (SELECT security.uid()));

CREATE POLICY give ON portfolio_group_grant FOR INSERT TO helio_web
    WITH CHECK (security.may_grant(content_object_id, permission_id));
CREATE POLICY give_end ON portfolio_group_grant FOR UPDATE TO helio_web
    USING (security.may_grant(content_object_id, permission_id))
    WITH CHECK (security.may_grant(content_object_id, permission_id));
CREATE POLICY not_to_own_group ON portfolio_group_grant AS RESTRICTIVE FOR INSERT TO helio_web
    WITH CHECK (granted_by_id = (SELECT security.uid()) AND NOT security.is_member(group_id));
CREATE POLICY not_of_own_group ON portfolio_group_grant AS RESTRICTIVE FOR UPDATE TO helio_web
    USING (NOT security.is_member(group_id));
