-- Purpose: is any staged record left to the statements 110 to 130? Not where all were answered
--          while reading (lookup.py), by mappings known as early as the records.
-- Grain:   one row.  Owner: helio_worker, while loading; {table} is a staging table.

SELECT EXISTS (SELECT FROM {table}
                WHERE batch_id = %(batch)s::integer
                  AND outcome IS NULL
                  AND (scheme IS NOT NULL AND listing_id IS NULL
                       OR portfolio_key IS NOT NULL AND portfolio_id IS NULL
                       OR mapped_from > known_from))
