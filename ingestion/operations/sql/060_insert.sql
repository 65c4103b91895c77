-- Purpose: whole rows of a hand-out or a request may be written, but only as they begin.
-- Owner:   helio_owner.  Writer: helio_web, for operations.

GRANT INSERT ON resend, work_request TO helio_web;

DROP POLICY operations_asks ON work_request;
CREATE POLICY operations_asks ON work_request FOR INSERT TO helio_web
    WITH CHECK ((SELECT security.has_role('operations'))
                AND asked_by_id = (SELECT security.uid())
                AND state = 'asked' AND done_at IS NULL AND batch_id IS NULL AND sentence = '');
