-- Purpose: typed records on their way from a file to the facts; emptied when their load commits.
-- Grain:   one row per record of a source file (records.py names them); the stem comes first.
-- Owner:   helio_owner.  Writers and readers: helio_worker alone. Unlogged: after a crash the files
--          that were on their way are read again from landing.

CREATE TABLE staging.stem (
    row_id        bigint GENERATED ALWAYS AS IDENTITY,
    batch_id      integer NOT NULL,
    file_id       integer NOT NULL,
    line_no       integer NOT NULL,
    beside        boolean NOT NULL DEFAULT false,  -- second record of a line: not counted
    held_item     integer,                         -- replay of this exception item
    content       text,                            -- digest of what the record says
    source        text,
    system        text,
    portfolio_key text,
    scheme        text,
    identifier    text,
    scope         text NOT NULL DEFAULT '',
    scope_preferred boolean NOT NULL DEFAULT false,  -- another scope will do if it is the only one
    check_fails   boolean NOT NULL DEFAULT false,
    on_day        date,
    executed_at   timestamptz,
    known_from    timestamptz,
    -- filled while loading
    portfolio_id  integer,
    listing_id    integer,
    mapped_from   timestamptz,
    outcome       text,
    code          text,
    reason        text,
    sentence      text
);

CREATE UNLOGGED TABLE staging.venue (LIKE staging.stem INCLUDING ALL,
    segment_mic text, operating_mic text, time_zone text, name text);

CREATE UNLOGGED TABLE staging.portfolio (LIKE staging.stem INCLUDING ALL,

    portfolio_code text, name text, client text, base_currency text, desk text, desk_time_zone text,
    team text, opened_on date, closed_on date);

CREATE UNLOGGED TABLE staging.portfolio_key (LIKE staging.stem INCLUDING ALL,
    portfolio_code text, system_name text, key text, valid_from date, valid_to date);

CREATE UNLOGGED TABLE staging.listing (LIKE staging.stem INCLUDING ALL,
    line text, figi text, segment_mic text, quote_unit text, price_currency text, name text,
    security_type text, sector text, domicile text, first_trading_on date,
    anchor text, instrument_id integer);

CREATE UNLOGGED TABLE staging.identifier (LIKE staging.stem INCLUDING ALL,
    line text, code_scheme text, code_value text, valid_from date, valid_to date);

CREATE UNLOGGED TABLE staging.market_session (LIKE staging.stem INCLUDING ALL,
    operating_mic text, open_on date);

CREATE UNLOGGED TABLE staging.fx_fixing (LIKE staging.stem INCLUDING ALL,
    fixed_on date, base_currency text, quote_currency text, rate numeric(30, 14));

CREATE UNLOGGED TABLE staging.index_level (LIKE staging.stem INCLUDING ALL,
    index_code text, currency text, level_on date, level numeric(30, 14), benchmark_id integer);

CREATE UNLOGGED TABLE staging.index_weight (LIKE staging.stem INCLUDING ALL,
    index_code text, currency text, weight numeric(30, 14), benchmark_id integer);

CREATE UNLOGGED TABLE staging.corporate_action (LIKE staging.stem INCLUDING ALL,
    kind text, terms jsonb);

CREATE UNLOGGED TABLE staging.price (LIKE staging.stem INCLUDING ALL,
    price numeric(30, 14), unit text, revision integer);

CREATE UNLOGGED TABLE staging.event (LIKE staging.stem INCLUDING ALL,
    reference text, version integer, status text, kind text, settles_on date,
    units numeric(30, 10), unit_price numeric(30, 14), price_unit text,
    currency text, gross_amount numeric(30, 10), charges numeric(30, 10),
    tax_withheld numeric(30, 10), cash_effect numeric(30, 10),
    second_currency text, second_cash_effect numeric(30, 10),
    split_new numeric(30, 10), split_old numeric(30, 10), remark text);

CREATE UNLOGGED TABLE staging.posting (LIKE staging.stem INCLUDING ALL,
    posting_no text, posting_code text, booked_on date, dealt_on date, units numeric(30, 10),
    unit_price numeric(30, 14), currency text, amount numeric(30, 10), narrative text);

CREATE UNLOGGED TABLE staging.holding (LIKE staging.stem INCLUDING ALL,
    units numeric(30, 10), units_blocked numeric(30, 10), market_price numeric(30, 14),
    market_value numeric(30, 10));

-- Lines that could not be read at all, and whom a load touched from which day on.
CREATE UNLOGGED TABLE staging.reject (
    batch_id integer NOT NULL,
    file_id  integer NOT NULL,
    line_no  integer NOT NULL,
    code     text NOT NULL,
    sentence text NOT NULL
);

CREATE UNLOGGED TABLE staging.touched (
    batch_id     integer NOT NULL,
    portfolio_id integer,
    listing_id   integer,
    from_on      date NOT NULL
);

-- MAINTAIN lets the worker ANALYZE what it has just copied: without, the joins are planned blind.
GRANT SELECT, INSERT, UPDATE, DELETE, MAINTAIN ON ALL TABLES IN SCHEMA staging TO helio_worker;
GRANT SELECT ON ALL TABLES IN SCHEMA staging TO helio_audit;
