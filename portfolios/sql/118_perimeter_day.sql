-- Purpose: what the portfolios of a perimeter amount to in US dollars, for the perimeters in use: what
--          somebody sees first is a year of all they may see, which grows with its portfolios. Sums of
--          exact numbers: the same digits as adding them up when they are read.
-- Grain:   perimeter: one row per set of portfolios. perimeter_day: one row per set and valuation day.
-- Owner:   helio_rollup.  Written by helio_worker (refresh/61_perimeter_day.sql).
--          Readers: figures.perimeter_day (helio_gate).

CREATE TABLE rollup.perimeter (
    id            integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    portfolio_ids integer[] NOT NULL,
    -- By hash: an array of all portfolios is too long for an entry of a tree.
    CONSTRAINT perimeter_once EXCLUDE USING hash (portfolio_ids WITH =)
);

CREATE TABLE rollup.perimeter_day (
    perimeter_id     integer NOT NULL REFERENCES rollup.perimeter ON DELETE CASCADE,
    valued_on        date NOT NULL,
    net_asset_value  numeric,
    cash_value       numeric,
    external_inflow  numeric,
    external_outflow numeric,
    management_fee   numeric,
    CONSTRAINT perimeter_day_key PRIMARY KEY (perimeter_id, valued_on)
);

ALTER TABLE rollup.perimeter ENABLE ROW LEVEL SECURITY;
ALTER TABLE rollup.perimeter FORCE ROW LEVEL SECURITY;
CREATE POLICY worker ON rollup.perimeter TO helio_worker USING (true) WITH CHECK (true);
CREATE POLICY reader ON rollup.perimeter FOR SELECT TO helio_rollup, helio_gate, helio_audit USING (true);
GRANT SELECT, INSERT, DELETE, MAINTAIN ON rollup.perimeter TO helio_worker;
GRANT SELECT ON rollup.perimeter TO helio_gate, helio_audit;

ALTER TABLE rollup.perimeter_day ENABLE ROW LEVEL SECURITY;
ALTER TABLE rollup.perimeter_day FORCE ROW LEVEL SECURITY;
CREATE POLICY worker ON rollup.perimeter_day TO helio_worker USING (true) WITH CHECK (true);
CREATE POLICY owner ON rollup.perimeter_day TO helio_rollup USING (true);
CREATE POLICY reader ON rollup.perimeter_day FOR SELECT TO helio_gate, helio_audit USING (true);
GRANT SELECT, INSERT, DELETE, MAINTAIN ON rollup.perimeter_day TO helio_worker;
GRANT SELECT ON rollup.perimeter_day TO helio_gate, helio_audit;
