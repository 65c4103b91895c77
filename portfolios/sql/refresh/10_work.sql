-- Purpose: the work of one refresh: what was noted since the last, and tables for what it changes.
-- Grain:   see each table. They vanish with the transaction.
-- Owner:   helio_worker (temporary).

CREATE TEMPORARY TABLE taken ON COMMIT DROP AS
WITH gone AS (DELETE FROM affected RETURNING portfolio_id, listing_id, currency, index_levels, from_on, batch_id, cause)
SELECT gone.*, portfolio_id IS NULL AND listing_id IS NULL AND currency = '' AND NOT index_levels AS everything
  FROM gone;

-- Books to replay.
CREATE TEMPORARY TABLE work_portfolio (portfolio_id integer PRIMARY KEY) ON COMMIT DROP;

-- Listings and currencies whose daily prices and rates are computed again from a day on.
CREATE TEMPORARY TABLE work_listing (listing_id integer PRIMARY KEY, from_on date NOT NULL) ON COMMIT DROP;

CREATE TEMPORARY TABLE work_currency (currency text PRIMARY KEY, from_on date NOT NULL) ON COMMIT DROP;

-- What turned out different, in valuation days.
CREATE TEMPORARY TABLE changed_price (listing_id integer, from_on date, to_on date) ON COMMIT DROP;

CREATE TEMPORARY TABLE changed_rate (currency text, from_on date, to_on date) ON COMMIT DROP;

CREATE TEMPORARY TABLE changed_state (portfolio_id integer, listing_id integer, from_on date) ON COMMIT DROP;

CREATE TEMPORARY TABLE changed_activity (portfolio_id integer, from_on date) ON COMMIT DROP;

CREATE TEMPORARY TABLE changed_trading (portfolio_id integer, listing_id integer, valued_on date) ON COMMIT DROP;

CREATE TEMPORARY TABLE changed_base_price (
    listing_id integer, base_currency text, from_on date, to_on date
) ON COMMIT DROP;

-- Portfolios whose days are computed again from a day on, and the days whose amounts became others.
CREATE TEMPORARY TABLE work_day (portfolio_id integer PRIMARY KEY, from_on date NOT NULL) ON COMMIT DROP;

CREATE TEMPORARY TABLE changed_amount (valued_on date) ON COMMIT DROP;
