-- Purpose: attaches the effect of a person's step to the history of findings.
-- Grain:   fires per step that has a person.
-- Owner:   helio_owner.

CREATE TRIGGER finding_step BEFORE INSERT ON public.finding_event
    FOR EACH ROW WHEN (NEW.by_id IS NOT NULL)
    EXECUTE FUNCTION security.finding_step();
