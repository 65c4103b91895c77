-- Purpose: what the custodian booked for the trades in question: same portfolio, day and units.
-- Grain:   one row per listing, units and day.  Owner: helio_worker; %(items)s are held records.

SELECT DISTINCT posting.listing_id, posting.units, posting.dealt_on
  FROM exception_item AS item
  JOIN portfolio_key AS book ON book.system = item.staged ->> 'system'
                            AND book.key = item.staged ->> 'portfolio_key' AND book.known_to IS NULL
  JOIN custody_posting AS posting
       ON posting.portfolio_id = book.portfolio_id
      AND posting.units = (item.staged ->> 'units')::numeric
      AND posting.dealt_on BETWEEN coalesce((item.staged ->> 'on_day')::date, (item.staged ->> 'executed_at')::timestamptz::date) - 1
                               AND coalesce((item.staged ->> 'on_day')::date, (item.staged ->> 'executed_at')::timestamptz::date) + 1
 WHERE item.id = ANY (%(items)s::integer[])
   AND item.record = 'event'
   AND posting.listing_id IS NOT NULL AND posting.units <> 0 AND posting.known_to IS NULL
