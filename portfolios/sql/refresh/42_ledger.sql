-- Purpose: the effective ledger of some portfolios, in the columns of Transaction.
-- Grain:   one row per event, the highest version known.

SELECT portfolio_id, kind, effective_on, executed_at, source, source_reference, listing_id, units,
       currency, gross_amount, charges, cash_effect, second_currency, second_cash_effect,
       split_new, split_old
  FROM transaction
 WHERE known_to IS NULL AND portfolio_id = ANY (%(portfolios)s::integer[])
 ORDER BY portfolio_id, effective_on, id;
