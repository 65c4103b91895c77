-- Purpose: closed months: everybody signed in may know which; operations closes and reopens, each
--          under its own name; the figures as closed are for who may see the portfolio. What was
--          restated after a close is for operations and auditors too, as findings are.
-- Grain:   period_close: one row per closing of a month; closed_figure and closed_restatement: one
--          row per closing and portfolio.
-- Owner:   helio_owner.  Writers: helio_web for operations asks and reopens; helio_worker freezes.

CALL security.share('period_close');
CALL security.secure('closed_figure');
CALL security.force('closed_restatement');
CREATE POLICY perimeter ON closed_restatement FOR SELECT TO helio_web
    USING (portfolio_id = ANY ((SELECT security.perimeter())::integer[])
           OR (SELECT security.has_role('operations', 'auditor')));
CREATE POLICY perimeter_floor ON closed_restatement AS RESTRICTIVE TO helio_web
    USING (portfolio_id = ANY ((SELECT security.perimeter())::integer[])
           OR (SELECT security.has_role('operations', 'auditor')))
    WITH CHECK (portfolio_id = ANY ((SELECT security.perimeter())::integer[]));

-- What was closed stays as it was closed.
REVOKE DELETE ON period_close FROM helio_worker;
REVOKE UPDATE, DELETE ON closed_figure FROM helio_worker;
GRANT USAGE ON SEQUENCE period_close_id_seq TO helio_web, helio_worker;

GRANT INSERT ON period_close TO helio_web;
CREATE POLICY operations_asks ON period_close FOR INSERT TO helio_web
    WITH CHECK ((SELECT security.has_role('operations'))
                AND asked_by_id = (SELECT security.uid())
                AND state = 'asked' AND closed_at IS NULL AND version_number IS NULL AND valued_on IS NULL
                AND portfolio_count IS NULL AND reopened_at IS NULL AND reopened_by_id IS NULL
                AND reopen_reason = '');

GRANT UPDATE (state, reopened_at, reopened_by_id, reopen_reason) ON period_close TO helio_web;
CREATE POLICY operations_reopens ON period_close FOR UPDATE TO helio_web
    USING ((SELECT security.has_role('operations')) AND state = 'closed')
    WITH CHECK ((SELECT security.has_role('operations'))
                AND state = 'reopened'
                AND reopened_by_id = (SELECT security.uid())
                AND reopened_at IS NOT NULL
                AND btrim(reopen_reason) <> '');

-- When is not for the web to say.
CREATE FUNCTION public.period_close_is_stamped() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path = pg_catalog, pg_temp
    AS $$
    BEGIN
        IF TG_OP = 'INSERT' THEN
            NEW.asked_at := now();
        ELSE
            NEW.reopened_at := now();
        END IF;
        RETURN NEW;
    END
    $$;

CREATE TRIGGER period_close_is_stamped BEFORE INSERT OR UPDATE ON period_close
    FOR EACH ROW WHEN (current_user = 'helio_web')
    EXECUTE FUNCTION public.period_close_is_stamped();
