-- Purpose: who may read what was received, what became of it, and the crosswalk.
-- Owner:   helio_owner.  Readers: everybody signed in may know the sources and what codes mean;
--          deliveries, held records and whole files are for operations and auditors; one source
--          line behind a fact is for whoever may see the fact (030_source_line.sql).

CALL security.share('source');
CALL security.share('identifier');
CALL security.staff('batch', 'operations', 'auditor');
CALL security.staff('source_file', 'operations', 'auditor');
CALL security.staff('source_text', 'operations', 'auditor');
CALL security.staff('exception_item', 'operations', 'auditor');

-- The bytes themselves and the register of versions concern the worker alone.
CALL security.force('source_part');
CALL security.force('event_version');
REVOKE SELECT ON source_part, event_version FROM helio_web;

-- Keys belong to portfolios, yet operations must see them all to map what is unknown.
CALL security.force('portfolio_key');
CREATE POLICY perimeter ON portfolio_key FOR SELECT TO helio_web
    USING (portfolio_id = ANY ((SELECT security.perimeter())::integer[])
           OR (SELECT security.has_role('operations', 'auditor')));
CREATE POLICY perimeter_floor ON portfolio_key AS RESTRICTIVE TO helio_web
    USING (portfolio_id = ANY ((SELECT security.perimeter())::integer[])
           OR (SELECT security.has_role('operations', 'auditor')))
    WITH CHECK (portfolio_id = ANY ((SELECT security.perimeter())::integer[]));

-- What was received stays as received.
REVOKE UPDATE, DELETE ON source_part, source_text FROM helio_worker;
REVOKE DELETE ON source, batch, source_file, exception_item, identifier, portfolio_key
    FROM helio_worker;
REVOKE DELETE ON event_version FROM helio_worker;
