-- Purpose: the events that take effect become ledger entries; cancels only end their predecessors.
-- Grain:   one row per source, reference and version.  Owner: helio_worker, while loading.

INSERT INTO public.transaction (
       portfolio_id, kind, effective_on, settles_on, executed_at, listing_id,
       units, unit_price, price_unit, currency, gross_amount, charges, tax_withheld, cash_effect,
       second_currency, second_cash_effect, split_new, split_old, remark,
       source, source_reference, source_version, known_from, known_to, batch_id, file_id, line_no)
SELECT portfolio_id, kind, on_day, coalesce(settles_on, on_day), executed_at, listing_id,
       units, unit_price, coalesce(price_unit, ''), coalesce(currency, ''), gross_amount, charges,
       tax_withheld, cash_effect, coalesce(second_currency, ''), second_cash_effect,
       split_new, split_old, coalesce(remark, ''),
       source, reference, version, greatest(known_from, mapped_from), NULL,
       batch_id, file_id, line_no
  FROM staging.event
 WHERE batch_id = %(batch)s::integer
   AND outcome IS NULL AND code IS NULL AND status <> 'CANCEL'
 ORDER BY file_id, line_no
