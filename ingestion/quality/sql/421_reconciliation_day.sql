-- Purpose: keeps how each portfolio compared with its custodian on each statement day.
-- Grain:   one row per portfolio and statement day.
-- Owner:   helio_worker.  Readers: quality/custody.py; the page reads the table.

MERGE INTO public.reconciliation_day AS kept
USING (SELECT portfolio_id, as_at, max(made_at) AS made_at,
              count(*) FILTER (WHERE NOT is_cash) AS positions,
              count(*) FILTER (WHERE is_cash)     AS cash_balances,
              count(*) FILTER (WHERE NOT is_cash AND break_size <> 0)         AS position_breaks,
              count(*) FILTER (WHERE is_cash AND abs(break_size) > %(cash_tolerance)s) AS cash_breaks
         FROM compared
        GROUP BY portfolio_id, as_at) AS now
   ON kept.portfolio_id = now.portfolio_id AND kept.as_at = now.as_at
 WHEN MATCHED AND (kept.made_at, kept.positions, kept.cash_balances, kept.position_breaks, kept.cash_breaks)
      IS DISTINCT FROM (now.made_at, now.positions, now.cash_balances, now.position_breaks, now.cash_breaks) THEN
      UPDATE SET made_at = now.made_at, positions = now.positions, cash_balances = now.cash_balances,
                 position_breaks = now.position_breaks, cash_breaks = now.cash_breaks
 WHEN NOT MATCHED THEN
      INSERT (portfolio_id, portfolio_code, as_at, made_at, positions, cash_balances, position_breaks, cash_breaks)
      VALUES (now.portfolio_id, (SELECT code FROM public.portfolio WHERE portfolio.id = now.portfolio_id), now.as_at, now.made_at, now.positions, now.cash_balances,
              now.position_breaks, now.cash_breaks)
