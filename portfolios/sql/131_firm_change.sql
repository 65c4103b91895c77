-- Purpose: why the firm's figures changed since a version: leadership and auditors ask, the worker computes
--          sums by desk. They open no portfolio.
-- Grain:   see portfolios/models/firm_then.py.
-- Owner:   helio_owner.  Readers: helio_web with the role executive or auditor.

CALL security.staff('firm_change', 'executive', 'auditor');
CALL security.staff('firm_change_cause', 'executive', 'auditor');

GRANT INSERT (figure, as_of, since, until, state, sentence, asked_by_id, asked_at) ON firm_change TO helio_web;
GRANT USAGE ON SEQUENCE firm_change_id_seq TO helio_web;
CREATE POLICY leadership_asks ON firm_change FOR INSERT TO helio_web
    WITH CHECK ((SELECT security.has_role('executive', 'auditor'))
                AND asked_by_id = (SELECT security.uid())
                AND state = 'asked');
