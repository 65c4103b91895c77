-- Purpose: what sums over a book read of each day, in narrow places: a year of ten portfolios is 2,500
--          rows of a table with 33 columns, and flows are nothing on most of them.
-- Owner:   helio_rollup.  Readers: portfolios/sql/figures/aggregate_day.sql, through figures'
--          portfolio_day and portfolio_flow.

CREATE INDEX portfolio_day_by_book ON rollup.portfolio_day (portfolio_id, valued_on)
    INCLUDE (base_currency, usd_rate, net_asset_value, cash_value);

CREATE INDEX portfolio_day_with_flows ON rollup.portfolio_day (portfolio_id, valued_on)
    INCLUDE (base_currency, usd_rate, external_inflow, external_outflow, management_fee)
    WHERE external_inflow <> 0 OR external_outflow <> 0 OR management_fee <> 0;
