-- Purpose: breaks between the ledger and the custodian by settlement date.
-- Grain:   one row per portfolio, statement day and holding that differ.
-- Owner:   helio_worker.  Readers: quality/custody.py, after 420 to 422.
--          Of a break that goes on from statement to statement only the last one waits for somebody.

WITH looked_at AS (
    SELECT line.*,
           (SELECT min(later.as_at) FROM public.reconciliation_day AS later
             WHERE later.portfolio_id = line.portfolio_id AND later.as_at > line.as_at) AS next_at
      FROM public.reconciliation_line AS line
     WHERE line.broken AND line.as_at >= %(custody_from)s
       AND (%(everything)s OR line.portfolio_id = ANY (%(portfolios)s::integer[]))
)
SELECT CASE WHEN line.is_cash THEN 'BREAK_CASH' ELSE 'BREAK_POSITION' END AS code,
       'custody/blotter' AS source,
       portfolio.code || ' ' || CASE WHEN line.is_cash THEN listing.price_currency ELSE listing.key END AS subject,
       line.as_at AS finding_day,
       format('%%s, %%s: the ledger has %%s settled, the custodian %%s: %%s %%s.',
              portfolio.code, CASE WHEN line.is_cash THEN listing.price_currency ELSE listing.key END,
              trim_scale(line.ledger_settled), trim_scale(line.custodian_holds), trim_scale(abs(line.break_size)),
              CASE WHEN line.break_size > 0 THEN 'too many at the custodian' ELSE 'missing at the custodian' END) AS sentence,
       jsonb_build_object(
           'numbers', jsonb_build_object(
               'ledger settled', trim_scale(line.ledger_settled), 'custodian holds', trim_scale(line.custodian_holds),
               'break', trim_scale(line.break_size), 'pending', trim_scale(line.pending),
               'trades on the way', line.pending_count, 'statement made at', line.made_at),
           'rows', coalesce((SELECT jsonb_agg(jsonb_build_object(
                                'fact', 'custody_holding', 'id', held.id, 'file', held.file_id, 'line', held.line_no)
                                ORDER BY held.account)
                      FROM public.custody_holding AS held
                     WHERE held.portfolio_id = line.portfolio_id AND held.listing_id = line.listing_id
                       AND held.as_at = line.as_at AND held.known_to IS NULL), '[]')) AS evidence,
       line.portfolio_id, line.listing_id, line.made_at AS known_from,
       CASE WHEN line.next_at IS NULL THEN ''
            WHEN EXISTS (SELECT FROM public.reconciliation_line AS following
                          WHERE following.portfolio_id = line.portfolio_id AND following.as_at = line.next_at
                            AND following.listing_id = line.listing_id AND following.broken)
                THEN format('It goes on: see the statement of %%s.', line.next_at)
            ELSE format('Both books agree on the statement of %%s.', line.next_at) END AS closed_because
  FROM looked_at AS line
  JOIN public.portfolio ON portfolio.id = line.portfolio_id
  JOIN public.listing   ON listing.id = line.listing_id
