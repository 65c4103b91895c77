-- Purpose: the firm's benchmark by valuation day in US dollars, for comparisons in any currency.
-- Grain:   one row per valuation day that has a level, and the eve of the first. So few rows that it
--          needs no closed and open part.
-- Owner:   helio_rollup.  Readers: figures.index_day (helio_gate).

CREATE MATERIALIZED VIEW rollup.index_day AS
SELECT valued_on, usd_value FROM rollup.index_value('-infinity', 'infinity');

CREATE UNIQUE INDEX index_day_key ON rollup.index_day (valued_on);

GRANT SELECT ON rollup.index_day TO helio_gate, helio_worker, helio_audit;
GRANT MAINTAIN ON rollup.index_day TO helio_worker;
