-- Purpose: who may read findings and what the checks keep, and who may take a step with one.
-- Owner:   helio_owner.
-- Readers: helio_web: operations and auditors everything (others read figures.finding);
--          helio_worker writes. The web may do one thing: operations add a step to the history,
--          under their own name; the trigger of that step moves the finding (020, 030).

CALL security.staff('quality_run', 'operations', 'auditor');
CALL security.staff('finding', 'operations', 'auditor');
CALL security.staff('finding_event', 'operations', 'auditor');
CALL security.staff('repeated_record', 'operations', 'auditor');
CALL security.staff('reconciliation_day', 'operations', 'auditor');
CALL security.staff('reconciliation_line', 'operations', 'auditor');

CREATE POLICY perimeter_floor ON finding AS RESTRICTIVE TO helio_web
    USING ((SELECT security.has_role('operations', 'auditor')));
CREATE POLICY perimeter_floor ON repeated_record AS RESTRICTIVE TO helio_web
    USING ((SELECT security.has_role('operations', 'auditor')));
CREATE POLICY perimeter_floor ON reconciliation_day AS RESTRICTIVE TO helio_web
    USING ((SELECT security.has_role('operations', 'auditor')));
CREATE POLICY perimeter_floor ON reconciliation_line AS RESTRICTIVE TO helio_web
    USING ((SELECT security.has_role('operations', 'auditor')));

-- These concern the checks alone.
CALL security.force('file_columns');
CALL security.force('published_figure');
REVOKE SELECT ON file_columns, published_figure FROM helio_web;

-- Nothing that was found is ever deleted, and no history is rewritten.
REVOKE DELETE ON finding, quality_run, published_figure FROM helio_worker;
REVOKE UPDATE, DELETE ON finding_event FROM helio_worker;

ALTER TABLE finding_event ADD CONSTRAINT a_decision_has_a_reason
    CHECK (action NOT IN ('acknowledged', 'resolved', 'dismissed', 'closed') OR btrim(reason) <> '');
ALTER TABLE finding_event ADD CONSTRAINT an_assignment_names_somebody
    CHECK (action NOT IN ('taken', 'assigned') OR owner_id IS NOT NULL);

GRANT INSERT (finding_id, by_id, action, owner_id, state, reason) ON finding_event TO helio_web;
CREATE POLICY operations_step ON finding_event FOR INSERT TO helio_web
    WITH CHECK (by_id = (SELECT security.uid())
                AND (SELECT security.has_role('operations'))
                AND action IN ('taken', 'assigned', 'acknowledged', 'resolved', 'dismissed', 'reopened'));

-- What a step moves, it moves as helio_guard.
GRANT SELECT (id, code, subject, portfolio_id, state), UPDATE (state, owner_id, changed_at)
    ON finding TO helio_guard;
CREATE POLICY step ON finding TO helio_guard USING (true) WITH CHECK (true);
