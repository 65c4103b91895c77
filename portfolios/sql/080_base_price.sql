-- Purpose: secures the worth of a unit, and finds the holding states of a day at any length of history.
-- Grain:   base_price_daily: one row per listing, base currency and valuation day, from the first day
--          on which a portfolio of that currency holds it.
-- Owner:   helio_owner.  Written by helio_worker, read by helio_rollup; everybody signed in may.

CALL security.share('base_price_daily');
GRANT MAINTAIN ON base_price_daily TO helio_worker;

-- Most states have ended long ago: whoever asks for a day begins with those that end on it or later.
CREATE INDEX holding_state_lasting ON holding_state (portfolio_id, (coalesce(to_on, 'infinity'::date)));
CREATE INDEX holding_state_by_listing ON holding_state (listing_id, (coalesce(to_on, 'infinity'::date)));

-- Transfers are the only events that a close enters, and few.
CREATE INDEX transaction_in_kind ON transaction (listing_id, effective_on)
    WHERE known_to IS NULL AND kind IN ('TRANSFER_IN', 'TRANSFER_OUT');
