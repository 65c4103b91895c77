-- Purpose: what each listing did to the firm's value on a day, over all portfolios, in US dollars:
--          value now − value before + trading cash (negative for purchases) + dividends.
-- Grain:   one row per valuation day and listing held that day or the day before; cash is left out.
-- Owner:   helio_rollup.  Written by helio_worker (refresh/64_firm_mover_day.sql).
--          Readers: figures.firm_mover_day (helio_gate).

CREATE TABLE rollup.firm_mover_day (
    valued_on  date NOT NULL,
    listing_id integer NOT NULL,
    value      numeric(30, 10),
    change     numeric(30, 10)
) WITH (fillfactor = 90);

ALTER TABLE rollup.firm_mover_day ADD CONSTRAINT firm_mover_day_key PRIMARY KEY (listing_id, valued_on);
CREATE INDEX firm_mover_day_by_day ON rollup.firm_mover_day (valued_on);

ALTER TABLE rollup.firm_mover_day ENABLE ROW LEVEL SECURITY;
ALTER TABLE rollup.firm_mover_day FORCE ROW LEVEL SECURITY;
CREATE POLICY worker ON rollup.firm_mover_day TO helio_worker USING (true) WITH CHECK (true);
CREATE POLICY reader ON rollup.firm_mover_day FOR SELECT TO helio_rollup, helio_gate, helio_audit USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE, MAINTAIN ON rollup.firm_mover_day TO helio_worker;
GRANT SELECT ON rollup.firm_mover_day TO helio_gate, helio_audit;
