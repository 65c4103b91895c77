-- Purpose: what a day did to the firm or a desk, by cause, in the firm's currency.
-- Grain:   one row; zero where nothing was held, and for who may not see the firm.
-- Readers: portfolios/explain/firm_causes.py, as helio_web with the role executive or auditor.

SELECT coalesce(sum(c.price_effect), 0)         AS price_effect,
       coalesce(sum(c.currency_effect), 0)      AS currency_effect,
       coalesce(sum(c.cash_currency_effect), 0) AS cash_currency_effect,
       coalesce(sum(c.trading_effect), 0)       AS trading_effect,
       coalesce(sum(c.dividend_income), 0)      AS dividend_income,
       coalesce(sum(c.deals_effect), 0)         AS deals_effect,
       coalesce(sum(c.management_fee), 0)       AS management_fee,
       coalesce(sum(c.safekeeping_fee), 0)      AS safekeeping_fee
  FROM figures.desk_cause_day c
 WHERE c.valued_on = %(as_of)s::date
   AND (%(desk_id)s::integer IS NULL OR c.desk_id = %(desk_id)s::integer);
