-- Purpose: what a day did to each desk, by cause, for leadership and auditors. It opens no portfolio.
-- Grain:   one row per valuation day and desk, in US dollars.
-- Owner:   helio_gate.  Readers: helio_web (portfolios/explain), role executive or auditor.

CREATE VIEW figures.desk_cause_day WITH (security_barrier) AS
SELECT desk_id, valued_on, price_effect, currency_effect, cash_currency_effect, trading_effect, dividend_income,
       deals_effect, management_fee, safekeeping_fee
  FROM rollup.composite_cause
 WHERE (SELECT security.has_role('executive') OR security.has_role('auditor'));

GRANT SELECT ON figures.desk_cause_day TO helio_web;
