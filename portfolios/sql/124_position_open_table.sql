-- Purpose: the positions of the newest two valuation days as a table in which a refresh writes what
--          differs: made again as a view they were most of what a tick of prices costs.
-- Grain:   position_open: one row per portfolio, listing held and one of the two days.
-- Owner:   helio_rollup.  Written by helio_worker (refresh/67_position_open.sql).
--          Readers: rollup.position_served, as helio_rollup.

ALTER MATERIALIZED VIEW rollup.position_open RENAME TO position_open_view;
ALTER INDEX rollup.position_open_key RENAME TO position_open_view_key;

CREATE TABLE rollup.position_open (
    portfolio_id         integer NOT NULL,
    valued_on            date NOT NULL,
    listing_id           integer NOT NULL,
    units                numeric(30, 10) NOT NULL,
    price                numeric(30, 14),
    priced_on            date,
    price_currency       varchar(3) NOT NULL,
    value_price_currency numeric(30, 10),
    base_rate            numeric(40, 20),
    base_value           numeric(30, 10),
    average_cost         numeric(30, 10),
    fifo_cost            numeric(30, 10),
    average_realised     numeric(30, 10),
    fifo_realised        numeric(30, 10),
    CONSTRAINT position_open_key PRIMARY KEY (portfolio_id, valued_on, listing_id)
-- Room for a second version of each row on its page: a tick changes all of a day, and no index.
) WITH (fillfactor = 45, autovacuum_vacuum_scale_factor = 0.5);

INSERT INTO rollup.position_open SELECT * FROM rollup.position_open_view;

CREATE OR REPLACE VIEW rollup.position_served AS
SELECT * FROM rollup.position_open
UNION ALL
SELECT * FROM rollup.position_daily
 WHERE valued_on < (SELECT min(valued_on)
                      FROM (SELECT valued_on FROM valuation_day ORDER BY valued_on DESC LIMIT 2) AS newest);

DROP MATERIALIZED VIEW rollup.position_open_view;

ALTER TABLE rollup.position_open ENABLE ROW LEVEL SECURITY;
ALTER TABLE rollup.position_open FORCE ROW LEVEL SECURITY;
CREATE POLICY worker ON rollup.position_open TO helio_worker USING (true) WITH CHECK (true);
CREATE POLICY reader ON rollup.position_open FOR SELECT TO helio_rollup, helio_gate, helio_audit USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE, MAINTAIN ON rollup.position_open TO helio_worker;
GRANT SELECT ON rollup.position_open TO helio_gate, helio_audit;
