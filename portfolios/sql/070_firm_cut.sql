-- Purpose: the firm as known then: leadership and auditors ask for it, the worker computes it.
-- Grain:   see portfolios/models/firm_then.py.
-- Owner:   helio_owner.  Readers: helio_web with the role executive or auditor.

CALL security.staff('firm_cut', 'executive', 'auditor');
CALL security.staff('firm_cut_day', 'executive', 'auditor');
CALL security.staff('firm_cut_mover', 'executive', 'auditor');

GRANT INSERT (known_at, state, sentence, asked_by_id, asked_at, version_number) ON firm_cut TO helio_web;
GRANT USAGE ON SEQUENCE firm_cut_id_seq TO helio_web;
CREATE POLICY leadership_asks ON firm_cut FOR INSERT TO helio_web
    WITH CHECK ((SELECT security.has_role('executive', 'auditor'))
                AND asked_by_id = (SELECT security.uid())
                AND state = 'asked' AND version_number IS NULL);
