-- Purpose: value, flows, profit and returns of a portfolio's day, by the rules of finance.md § 5, with
--          what accumulates: wealth, its peak, and the sums that volatility needs (so that a page
--          reads one row, not history). A refresh writes the days that changed and no others.
-- Grain:   one row per portfolio and valuation day of its life, base currency.
-- Owner:   helio_rollup.  Written by helio_worker (refresh/60_portfolio_day.sql).
--          Readers: figures.portfolio_day (helio_gate), the rollups built on it.
--
-- return_net      (V1 + OUT) / (V0 + IN) − 1                  main
-- return_gross    (V1 + OUT + management fee) / (V0 + IN) − 1
-- return_net_eod  (V1 − IN + OUT) / V0 − 1                    main where V0 <= 0
-- return_net_sod  V1 / (V0 + IN − OUT) − 1                    main where V0 <= 0 or the divisor <= 1
-- Empty where nothing was invested that day. V0 of the first day is 0. A holding without any price
-- has no value: it is counted in unpriced_holdings.

CREATE TABLE rollup.portfolio_day (
    portfolio_id       integer NOT NULL,
    valued_on          date NOT NULL,
    previous_on        date NOT NULL,
    base_currency      varchar(3) NOT NULL,
    opening_value      numeric NOT NULL,
    net_asset_value    numeric NOT NULL,
    securities_value   numeric NOT NULL,
    cash_value         numeric NOT NULL,
    external_inflow    numeric NOT NULL,
    external_outflow   numeric NOT NULL,
    management_fee     numeric NOT NULL,
    safekeeping_fee    numeric NOT NULL,
    dividend_income    numeric NOT NULL,
    day_pnl            numeric NOT NULL,
    average_realised   numeric NOT NULL,
    fifo_realised      numeric NOT NULL,
    average_unrealised numeric NOT NULL,
    fifo_unrealised    numeric NOT NULL,
    return_net         double precision,
    return_gross       double precision,
    return_net_eod     double precision,
    return_net_sod     double precision,
    usd_rate           numeric,
    opening_usd_rate   numeric,
    unpriced_holdings  integer NOT NULL,
    wealth_net         double precision NOT NULL,
    wealth_gross       double precision NOT NULL,
    wealth_peak        double precision NOT NULL,
    return_count       bigint NOT NULL,
    return_sum         double precision NOT NULL,
    return_square_sum  double precision NOT NULL,
    drawdown           double precision NOT NULL,
    max_drawdown       double precision NOT NULL
);

ALTER TABLE rollup.portfolio_day ADD CONSTRAINT portfolio_day_key PRIMARY KEY (portfolio_id, valued_on);
CREATE INDEX portfolio_day_by_day ON rollup.portfolio_day (valued_on, portfolio_id);

ALTER TABLE rollup.portfolio_day ENABLE ROW LEVEL SECURITY;
ALTER TABLE rollup.portfolio_day FORCE ROW LEVEL SECURITY;
CREATE POLICY worker ON rollup.portfolio_day TO helio_worker USING (true) WITH CHECK (true);
CREATE POLICY reader ON rollup.portfolio_day FOR SELECT TO helio_rollup, helio_gate, helio_audit USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE, MAINTAIN ON rollup.portfolio_day TO helio_worker;
GRANT SELECT ON rollup.portfolio_day TO helio_gate, helio_audit;
