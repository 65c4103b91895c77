-- Purpose: where the replayed books are copied to before only what differs is merged.

CREATE TEMPORARY TABLE fresh_state (LIKE holding_state) ON COMMIT DROP;

CREATE TEMPORARY TABLE fresh_activity (LIKE activity_daily) ON COMMIT DROP;

CREATE TEMPORARY TABLE fresh_listing_activity (LIKE listing_activity) ON COMMIT DROP;

CREATE TEMPORARY TABLE fresh_life (LIKE portfolio_life) ON COMMIT DROP;

CREATE TEMPORARY TABLE fresh_gap (LIKE portfolio_gap) ON COMMIT DROP;
