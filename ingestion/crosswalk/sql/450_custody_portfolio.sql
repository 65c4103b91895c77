-- Purpose: for whom the custodian booked the trades in question: same instrument, day and units.
-- Grain:   one row per portfolio, units and day.  Owner: helio_worker; %(items)s are held records.

SELECT DISTINCT posting.portfolio_id, posting.units, posting.dealt_on
  FROM exception_item AS item
  JOIN identifier AS code ON code.scheme = item.staged ->> 'scheme'
                         AND code.value = item.staged ->> 'identifier' AND code.known_to IS NULL
  JOIN custody_posting AS posting
       ON posting.listing_id = code.listing_id
      AND posting.units = (item.staged ->> 'units')::numeric
      AND posting.dealt_on BETWEEN coalesce((item.staged ->> 'on_day')::date, (item.staged ->> 'executed_at')::timestamptz::date) - 1
                               AND coalesce((item.staged ->> 'on_day')::date, (item.staged ->> 'executed_at')::timestamptz::date) + 1
 WHERE item.id = ANY (%(items)s::integer[])
   AND item.record = 'event'
   AND posting.units <> 0 AND posting.known_to IS NULL
