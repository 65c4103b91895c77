-- Purpose: what valuation adds to the derived tables: rows without a price, and their security.
-- Grain:   position_daily as before; the new tables name theirs in portfolios/models/derived.py.
-- Owner:   helio_owner.  Written by helio_worker, read by helio_rollup and, where it belongs to a
--          portfolio, inside the perimeter by helio_web.

-- A listing that never had a price has no value: empty, which is not zero.
ALTER TABLE position_daily
    ALTER COLUMN price DROP NOT NULL,
    ALTER COLUMN priced_on DROP NOT NULL,
    ALTER COLUMN value_price_currency DROP NOT NULL,
    ALTER COLUMN base_rate DROP NOT NULL,
    ALTER COLUMN base_value DROP NOT NULL;

-- Every row comes from a holding_state, which is checked against both tables: checking millions of
-- derived rows again would cost more than computing them.
ALTER TABLE position_daily
    DROP CONSTRAINT position_daily_portfolio_id_fkey,
    DROP CONSTRAINT position_daily_listing_id_fkey;

-- Before its security: afterwards not even the owner may write it.
INSERT INTO rollup_window (id, open_from) VALUES (1, '1970-01-01');

CALL security.secure('listing_activity');
CALL security.secure('portfolio_life');
CALL security.share('rollup_window');
CALL security.share('source_input');

-- Autovacuum never analyses a partitioned parent, and a rebuild outruns it elsewhere.
GRANT MAINTAIN ON position_daily, holding_state, price_daily, fx_daily, activity_daily TO helio_worker;
