-- Purpose: what the web role may never write into a grant, whoever it acts for; and the triggers that
--          keep the history of access.
-- Grain:   one row per grant, person, group membership or portfolio changed.
-- Owner:   helio_owner.
--
--   A grant begins at the earliest when it is given, and ends after it began.
--   Its end moves freely while it lasts, but not into the past: a date in the past becomes now.
--   Once ended it stays ended; who needs access again is given a new grant.
--   Reason and giver are of the moment it was given: a change has a reason of its own (end_reason).
--   A grant to a group is a grant to a team: one to a role would reach whoever gets the role.

REVOKE UPDATE (reason) ON portfolio_user_grant, portfolio_group_grant FROM helio_web;
GRANT UPDATE (end_reason) ON portfolio_user_grant, portfolio_group_grant TO helio_web;

CREATE FUNCTION public.grant_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
    IF current_user <> 'helio_web' THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF NEW.valid_from < statement_timestamp() OR NEW.valid_until <= NEW.valid_from THEN
            RAISE insufficient_privilege
                USING MESSAGE = 'A grant begins when it is given or later, and ends after it began.';
        END IF;
        NEW.end_reason := '';
    ELSIF OLD.valid_until <= statement_timestamp() THEN
        RAISE insufficient_privilege
            USING MESSAGE = 'This grant has ended. Give a new one instead of changing it.';
    ELSIF NEW.valid_until IS DISTINCT FROM OLD.valid_until THEN
        NEW.valid_until := greatest(NEW.valid_until, statement_timestamp());
    END IF;
    RETURN NEW;
END
$$;
REVOKE ALL ON FUNCTION public.grant_guard() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION public.grant_guard() TO helio_web, helio_migrate;

CREATE TRIGGER grant_guard BEFORE INSERT OR UPDATE ON portfolio_user_grant
    FOR EACH ROW EXECUTE FUNCTION public.grant_guard();
CREATE TRIGGER grant_guard BEFORE INSERT OR UPDATE ON portfolio_group_grant
    FOR EACH ROW EXECUTE FUNCTION public.grant_guard();
CREATE POLICY to_teams_only ON portfolio_group_grant AS RESTRICTIVE FOR INSERT TO helio_web
    WITH CHECK (security.is_team(group_id));

CREATE TRIGGER note_person AFTER INSERT OR UPDATE OR DELETE ON person
    FOR EACH ROW EXECUTE FUNCTION security.note_person();
CREATE TRIGGER note_group AFTER INSERT OR UPDATE OR DELETE ON person_groups
    FOR EACH ROW EXECUTE FUNCTION security.note_group();
CREATE TRIGGER note_portfolio AFTER INSERT OR DELETE ON portfolio
    FOR EACH ROW EXECUTE FUNCTION security.note_portfolio();
CREATE TRIGGER note_grant AFTER INSERT OR UPDATE OR DELETE ON portfolio_user_grant
    FOR EACH ROW EXECUTE FUNCTION security.note_grant();
CREATE TRIGGER note_grant AFTER INSERT OR UPDATE OR DELETE ON portfolio_group_grant
    FOR EACH ROW EXECUTE FUNCTION security.note_grant();
-- Also under session_replication_role = replica, which skips ordinary triggers.
ALTER TABLE person ENABLE ALWAYS TRIGGER note_person;
ALTER TABLE person_groups ENABLE ALWAYS TRIGGER note_group;
ALTER TABLE portfolio ENABLE ALWAYS TRIGGER note_portfolio;
ALTER TABLE portfolio_user_grant ENABLE ALWAYS TRIGGER note_grant;
ALTER TABLE portfolio_group_grant ENABLE ALWAYS TRIGGER note_grant;
