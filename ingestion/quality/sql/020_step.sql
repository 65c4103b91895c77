-- Purpose: a person's step moves the finding and leaves an audit event, in the same statement: the
--          history and the state can never tell two stories.
-- Grain:   once per step a person takes; the checks' own steps (by nobody) pass.
-- Owner:   helio_guard.  Readers: called by the trigger of 030_step_trigger.sql only.

CREATE FUNCTION security.finding_step() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    moved record;
BEGIN
    IF NEW.owner_id IS NOT NULL AND NOT security.person_has_role(NEW.owner_id, '{operations}') THEN
        RAISE EXCEPTION 'A finding is taken care of by people with the role operations.'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE public.finding
       SET state = CASE NEW.action WHEN 'taken' THEN state WHEN 'assigned' THEN state
                                   WHEN 'reopened' THEN 'open' ELSE NEW.action END,
           owner_id = coalesce(NEW.owner_id, owner_id),
           changed_at = now()
     WHERE id = NEW.finding_id
    RETURNING code, subject, portfolio_id, state INTO moved;
    NEW.state := moved.state;
    INSERT INTO public.audit_event (action, object, portfolio_id, detail)
    VALUES ('finding ' || NEW.action, moved.code || ' ' || moved.subject, moved.portfolio_id,
            jsonb_build_object('finding', NEW.finding_id, 'state', NEW.state, 'reason', NEW.reason,
                               'owner', (SELECT username FROM public.person WHERE id = NEW.owner_id)));
    RETURN NEW;
END
$$;

REVOKE ALL ON FUNCTION security.finding_step() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION security.finding_step() TO helio_owner;
