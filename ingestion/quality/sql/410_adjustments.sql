-- Purpose: the custodian's corrections of its own mistakes: not ours to book, but to watch.
-- Grain:   one row per posting.
-- Owner:   helio_worker.  Readers: quality/custody.py.
--          They are done with when all corrections on the account in the currency balance to zero.

WITH adjustment AS (
    SELECT posting.*,
           sum(amount) OVER (PARTITION BY portfolio_id, account, currency) AS balance
      FROM public.custody_posting AS posting
     WHERE code = 'ADJ'
       AND (%(everything)s OR portfolio_id = ANY (%(portfolios)s::integer[]))
)
SELECT 'CUSTODIAN_ADJUSTMENT' AS code, coalesce(source.name, 'custody') AS source,
       adjustment.posting_no AS subject, adjustment.booked_on AS finding_day,
       format('The custodian corrects account %%s by %%s %%s: %%s.', adjustment.account,
              trim_scale(adjustment.amount), adjustment.currency,
              coalesce(nullif(adjustment.narrative, ''), 'no reason given')) AS sentence,
       jsonb_build_object(
           'numbers', jsonb_build_object('amount', trim_scale(adjustment.amount), 'currency', adjustment.currency,
                                         'account', adjustment.account, 'value date', adjustment.value_on,
                                         'balance of corrections', trim_scale(adjustment.balance)),
           'rows', jsonb_build_array(jsonb_build_object(
               'fact', 'custody_posting', 'id', adjustment.id, 'file', adjustment.file_id, 'line', adjustment.line_no))) AS evidence,
       adjustment.portfolio_id, adjustment.listing_id, adjustment.known_from,
       CASE WHEN adjustment.balance = 0 THEN 'The corrections on this account balance to zero.' ELSE '' END AS closed_because
  FROM adjustment
  LEFT JOIN public.source_file AS file ON file.id = adjustment.file_id
  LEFT JOIN public.source ON source.id = file.source_id
