-- Purpose: keeps the holdings on which the two books differ or that have trades on the way, and
--          forgets those that agree now.
-- Grain:   one row per portfolio, statement day and listing.
-- Owner:   helio_worker.  Readers: 430_breaks.sql; the page reads the table.

WITH leg AS (
    SELECT portfolio_id, listing_id, effective_on, settles_on, known_from, known_to, units AS amount
      FROM public.transaction
     WHERE units <> 0 AND kind IN ('BUY', 'SELL', 'TRANSFER_IN', 'TRANSFER_OUT')
       AND settles_on > effective_on
       AND (%(everything)s OR portfolio_id = ANY (%(portfolios)s::integer[]))
    UNION ALL
    SELECT event.portfolio_id, cash.id, event.effective_on, event.settles_on, event.known_from, event.known_to, leg.amount
      FROM public.transaction AS event
     CROSS JOIN LATERAL (VALUES (event.currency, event.cash_effect),
                                (event.second_currency, event.second_cash_effect)) AS leg (currency, amount)
      JOIN public.listing AS cash ON cash.key = 'CASH:' || leg.currency
     WHERE leg.amount <> 0 AND event.settles_on > event.effective_on
       AND (%(everything)s OR event.portfolio_id = ANY (%(portfolios)s::integer[]))
), pending AS (
    SELECT statement.portfolio_id, statement.as_at, leg.listing_id, sum(leg.amount) AS amount, count(*) AS number
      FROM leg
      JOIN statement ON statement.portfolio_id = leg.portfolio_id
                    AND statement.as_at >= leg.effective_on AND statement.as_at < leg.settles_on
                    AND leg.known_from <= statement.made_at
                    AND (leg.known_to IS NULL OR leg.known_to > statement.made_at)
     GROUP BY statement.portfolio_id, statement.as_at, leg.listing_id
), worth_keeping AS (
    SELECT coalesce(compared.portfolio_id, pending.portfolio_id) AS portfolio_id,
           coalesce(compared.as_at, pending.as_at)               AS as_at,
           coalesce(compared.listing_id, pending.listing_id)     AS listing_id,
           coalesce(compared.made_at, statement.made_at)         AS made_at,
           listing.key LIKE 'CASH:%%'                            AS is_cash,
           coalesce(compared.ledger, 0)                          AS ledger_settled,
           coalesce(compared.custodian, 0)                       AS custodian_holds,
           coalesce(compared.break_size, 0)                      AS break_size,
           CASE WHEN listing.key LIKE 'CASH:%%' THEN abs(coalesce(compared.break_size, 0)) > %(cash_tolerance)s
                ELSE coalesce(compared.break_size, 0) <> 0 END   AS broken,
           coalesce(pending.amount, 0)                           AS pending,
           coalesce(pending.number, 0)                           AS pending_count
      FROM compared
      FULL JOIN pending ON pending.portfolio_id = compared.portfolio_id AND pending.as_at = compared.as_at
                       AND pending.listing_id = compared.listing_id
      LEFT JOIN statement ON statement.portfolio_id = pending.portfolio_id AND statement.as_at = pending.as_at
      JOIN public.listing ON listing.id = coalesce(compared.listing_id, pending.listing_id)
     WHERE compared.break_size IS DISTINCT FROM 0 OR pending.number > 0
)
MERGE INTO public.reconciliation_line AS kept
USING worth_keeping AS now
   ON kept.portfolio_id = now.portfolio_id AND kept.as_at = now.as_at AND kept.listing_id = now.listing_id
 WHEN MATCHED AND (kept.made_at, kept.ledger_settled, kept.custodian_holds, kept.broken, kept.pending, kept.pending_count)
      IS DISTINCT FROM (now.made_at, now.ledger_settled, now.custodian_holds, now.broken, now.pending, now.pending_count) THEN
      UPDATE SET made_at = now.made_at, ledger_settled = now.ledger_settled,
                 custodian_holds = now.custodian_holds, break_size = now.break_size, broken = now.broken,
                 pending = now.pending, pending_count = now.pending_count
 WHEN NOT MATCHED THEN
      INSERT (portfolio_id, portfolio_code, as_at, listing_id, made_at, is_cash, ledger_settled, custodian_holds, break_size,
              broken, pending, pending_count)
      VALUES (now.portfolio_id, (SELECT code FROM public.portfolio WHERE portfolio.id = now.portfolio_id), now.as_at, now.listing_id, now.made_at, now.is_cash, now.ledger_settled,
              now.custodian_holds, now.break_size, now.broken, now.pending, now.pending_count)
 WHEN NOT MATCHED BY SOURCE AND kept.as_at >= %(custody_from)s
      AND (%(everything)s OR kept.portfolio_id = ANY (%(portfolios)s::integer[])) THEN DELETE
