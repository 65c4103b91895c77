-- Purpose: trades whose date at the desk is not the venue's trade date, and trades captured late.
-- Grain:   one row per version of a trade and trouble.
-- Owner:   helio_worker.  Readers: quality/trades.py.
--          Captured late: a NEW trade, more than two calendar days after its trade date. A trade that
--          was held counts by when it was captured, not by when its mapping was found.

WITH trade AS (
    SELECT entry.id, entry.source, entry.source_reference, entry.source_version, entry.portfolio_id,
           entry.listing_id, entry.effective_on, entry.executed_at, entry.file_id, entry.line_no,
           format('%%s v%%s', entry.source_reference, entry.source_version) AS subject,
           (entry.executed_at AT TIME ZONE desk.time_zone)::date            AS desk_day,
           desk.name                                                        AS desk,
           coalesce(held.known_from, entry.known_from)                      AS captured_at,
           register.status
      FROM public.transaction AS entry
      JOIN public.portfolio ON portfolio.id = entry.portfolio_id
      JOIN public.desk      ON desk.id = portfolio.desk_id
      JOIN public.event_version AS register
        ON register.source = entry.source AND register.reference = entry.source_reference
       AND register.version = entry.source_version
      LEFT JOIN public.exception_item AS held
        ON held.file_id = entry.file_id AND held.line_no = entry.line_no AND held.record = 'event'
     WHERE entry.kind IN ('BUY', 'SELL')
       AND (%(everything)s OR entry.batch_id = ANY (%(batches)s::integer[]))
), spoken AS (
    SELECT trade.*, 'TRADE_DATE_SHIFTED' AS code, effective_on AS finding_day,
           format('%%s was executed on %%s by the clock of the desk (%%s), on %%s at the venue, which is its trade date.',
                  subject, desk_day, desk, effective_on) AS sentence,
           jsonb_build_object('desk day', desk_day, 'trade date', effective_on) AS numbers
      FROM trade
     WHERE desk_day <> effective_on
    UNION ALL
    SELECT trade.*, 'LATE_CAPTURE', (captured_at AT TIME ZONE 'UTC')::date,
           format('%%s was captured %%s days after its trade date %%s.', subject,
                  (captured_at AT TIME ZONE 'UTC')::date - effective_on, effective_on),
           jsonb_build_object('captured', captured_at, 'trade date', effective_on,
                              'days', (captured_at AT TIME ZONE 'UTC')::date - effective_on)
      FROM trade
     WHERE status = 'NEW' AND (captured_at AT TIME ZONE 'UTC')::date - effective_on > 2
)
SELECT code, source, subject, finding_day, sentence,
       jsonb_build_object('numbers', numbers, 'rows', jsonb_build_array(jsonb_build_object(
           'fact', 'transaction', 'id', id, 'file', file_id, 'line', line_no))) AS evidence,
       portfolio_id, listing_id, captured_at AS known_from, '' AS closed_because
  FROM spoken
