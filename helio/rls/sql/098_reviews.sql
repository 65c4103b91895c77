-- Purpose: reviews of grants (recertification): who looked at which grant when, and what they said.
--          Append-only.
-- Grain:   one row per grant and review.
-- Owner:   helio_owner.
-- Readers: whoever may read the grant. Writers: who could have given it, never of their own access.

ALTER TABLE grant_review ENABLE ROW LEVEL SECURITY;
ALTER TABLE grant_review FORCE ROW LEVEL SECURITY;
GRANT SELECT ON grant_review TO helio_audit, helio_backup;
GRANT SELECT, INSERT ON grant_review TO helio_web;

CREATE POLICY reader ON grant_review FOR SELECT TO helio_audit USING (true);
-- The policies of the grants apply inside: a review is seen by those who see its grant.
CREATE POLICY with_the_grant ON grant_review FOR SELECT TO helio_web
    USING (EXISTS (SELECT FROM portfolio_user_grant AS g WHERE g.id = user_grant_id)
           OR EXISTS (SELECT FROM portfolio_group_grant AS g WHERE g.id = group_grant_id));
CREATE POLICY review ON grant_review FOR INSERT TO helio_web
    WITH CHECK (EXISTS (SELECT FROM portfolio_user_grant AS g
                         WHERE g.id = user_grant_id AND g.user_id <> (SELECT security.uid())
                           AND security.may_grant(g.content_object_id, g.permission_id))
                OR EXISTS (SELECT FROM portfolio_group_grant AS g
                            WHERE g.id = group_grant_id AND NOT security.is_member(g.group_id)
                              AND security.may_grant(g.content_object_id, g.permission_id)));
CREATE POLICY floor ON grant_review AS RESTRICTIVE TO helio_web
    USING ((SELECT security.uid()) IS NOT NULL) WITH CHECK (reviewed_by_id = (SELECT security.uid()));

CREATE FUNCTION public.grant_review_is_stamped() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    NEW.reviewed_at := clock_timestamp();
    RETURN NEW;
END
$$;
REVOKE ALL ON FUNCTION public.grant_review_is_stamped() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.grant_review_is_stamped() TO helio_web;
CREATE TRIGGER grant_review_is_stamped BEFORE INSERT ON grant_review
    FOR EACH ROW EXECUTE FUNCTION public.grant_review_is_stamped();
CREATE TRIGGER audit_review AFTER INSERT ON grant_review
    FOR EACH ROW EXECUTE FUNCTION security.audit_review();
CREATE TRIGGER audit_team_manager AFTER INSERT OR DELETE ON team_manager
    FOR EACH ROW EXECUTE FUNCTION security.audit_team_manager();
