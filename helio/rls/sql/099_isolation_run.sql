-- Purpose: when isolation was last proven, over how many reads, and with what result: what an access
--          proof quotes. Append-only.
-- Grain:   one row per run of `make prove`.
-- Owner:   helio_owner.  Readers: helio_web (auditors and administrators), helio_audit.
--          Writer: helio_worker.

CREATE TABLE isolation_run (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ran_at         timestamptz NOT NULL DEFAULT clock_timestamp(),
    code_digest    text NOT NULL CHECK (code_digest ~ '^[0-9a-f]{64}$'),
    rule_digest    text NOT NULL CHECK (rule_digest ~ '^[0-9a-f]{64}$'),
    reads_compared bigint NOT NULL CHECK (reads_compared > 0),
    foreign_rows   bigint NOT NULL CHECK (foreign_rows >= 0),
    missing_rows   bigint NOT NULL CHECK (missing_rows >= 0),
    seconds        numeric NOT NULL CHECK (seconds >= 0),
    passed         boolean NOT NULL GENERATED ALWAYS AS (foreign_rows = 0 AND missing_rows = 0) STORED
);
ALTER TABLE isolation_run ENABLE ROW LEVEL SECURITY;
ALTER TABLE isolation_run FORCE ROW LEVEL SECURITY;
GRANT SELECT ON isolation_run TO helio_web, helio_worker, helio_audit, helio_backup;
GRANT INSERT (code_digest, rule_digest, reads_compared, foreign_rows, missing_rows, seconds)
    ON isolation_run TO helio_worker;
CREATE POLICY staff ON isolation_run FOR SELECT TO helio_web
    USING ((SELECT security.has_role('auditor', 'administrator')));
CREATE POLICY reader ON isolation_run FOR SELECT TO helio_worker, helio_audit USING (true);
CREATE POLICY record ON isolation_run FOR INSERT TO helio_worker WITH CHECK (true);
