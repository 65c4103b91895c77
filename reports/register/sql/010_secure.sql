-- Purpose: who may read the register of exports, and that nobody changes it.
-- Grain:   one row per export.
-- Owner:   helio_owner.
-- Readers: helio_web: people their own exports while they still hold every portfolio in it,
--          auditors all; helio_audit all.

ALTER TABLE export_record ENABLE ROW LEVEL SECURITY;
ALTER TABLE export_record FORCE ROW LEVEL SECURITY;

GRANT SELECT, INSERT ON export_record TO helio_web;
GRANT SELECT ON export_record TO helio_audit, helio_backup;

CREATE POLICY own ON export_record FOR SELECT TO helio_web
    USING (person_id = (SELECT security.uid()));
CREATE POLICY auditor ON export_record FOR SELECT TO helio_web
    USING ((SELECT security.has_role('auditor')));
CREATE POLICY register ON export_record FOR INSERT TO helio_web
    WITH CHECK (person_id = (SELECT security.uid()));
CREATE POLICY perimeter_floor ON export_record AS RESTRICTIVE TO helio_web
    USING (portfolio_ids <@ (SELECT security.perimeter())::integer[])
    WITH CHECK (portfolio_ids <@ (SELECT security.perimeter())::integer[]
                AND cardinality(portfolio_ids) > 0);
CREATE POLICY reader ON export_record FOR SELECT TO helio_audit USING (true);
