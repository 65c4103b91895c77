-- Purpose: who may read, propose and decide mappings. The web role writes proposals and decisions,
--          never the crosswalk itself; whoever proposed cannot decide, here and in the constraint
--          mapping_takes_two_people, which binds every role.
-- Grain:   policies of the tables of ingestion/models/proposal.py.
-- Owner:   helio_owner.  Readers: operations, auditors, administrators; the change of a net asset
--          value only for whoever may see the portfolio.

CALL security.staff('mapping_proposal', 'operations', 'auditor', 'administrator');
CALL security.staff('mapping_effect', 'operations', 'auditor', 'administrator');
CALL security.staff('unmapped_key', 'operations', 'auditor', 'administrator');
CALL security.secure('mapping_effect_value');

GRANT INSERT ON mapping_proposal TO helio_web;
GRANT UPDATE (state, decided_by_id, decided_by, decided_at, decision_reason) ON mapping_proposal TO helio_web;
GRANT USAGE ON SEQUENCE mapping_proposal_id_seq TO helio_web;

CREATE POLICY proposes ON mapping_proposal FOR INSERT TO helio_web
    WITH CHECK ((SELECT security.has_role('operations', 'administrator'))
                AND proposed_by_id = (SELECT security.uid())
                AND state = 'proposed' AND reason <> ''
                AND decided_by_id IS NULL AND decided_at IS NULL AND decision_reason = ''
                AND applied_at IS NULL AND applied_in_id IS NULL AND issuer_before IS NULL
                AND problem = '' AND previewed_at IS NULL AND preview_sentence = '');

CREATE POLICY decides ON mapping_proposal FOR UPDATE TO helio_web
    USING (state = 'proposed' AND (SELECT security.has_role('operations', 'administrator')))
    WITH CHECK (decided_by_id = (SELECT security.uid()) AND decision_reason <> ''
                AND CASE state WHEN 'approved'  THEN proposed_by_id <> decided_by_id
                               WHEN 'refused'   THEN proposed_by_id <> decided_by_id
                               WHEN 'withdrawn' THEN proposed_by_id = decided_by_id
                               ELSE false END);

CREATE TRIGGER stamp_mapping BEFORE INSERT OR UPDATE ON mapping_proposal
    FOR EACH ROW EXECUTE FUNCTION security.stamp_mapping();

-- Decisions stay; the worker only says what came of them.
REVOKE DELETE ON mapping_proposal FROM helio_worker;
