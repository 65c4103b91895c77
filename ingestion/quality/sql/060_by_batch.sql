-- Purpose: what a batch brought is found without reading the whole table: facts are appended in
--          the order of batches, so that a summary of blocks will do, of a few pages a table.
-- Owner:   helio_owner.  Readers: the checks of ingestion/quality.

CREATE INDEX transaction_by_batch ON transaction USING brin (batch_id) WITH (pages_per_range = 16);
CREATE INDEX price_by_batch ON price USING brin (batch_id) WITH (pages_per_range = 16);
CREATE INDEX custody_holding_by_batch ON custody_holding USING brin (batch_id) WITH (pages_per_range = 16);
CREATE INDEX custody_posting_by_batch ON custody_posting USING brin (batch_id) WITH (pages_per_range = 16);
CREATE INDEX event_version_by_batch ON event_version USING brin (batch_id) WITH (pages_per_range = 16);
