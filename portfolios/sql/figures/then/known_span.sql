-- Purpose: the last day with a close that was known at a moment, and when the first close became
--          known. A close is not known before its day, in any time zone: the bound keeps a look
--          far back from walking over all that came later.
-- Grain:   one row.
--          Batches of ``without`` were not delivered yet: as if there were none of them.
-- Readers: portfolios/figures/then, as helio_web or helio_worker.

SELECT (SELECT p.priced_on FROM price p
         WHERE p.priced_on <= (%(known_at)s::timestamptz AT TIME ZONE 'UTC')::date + 1
           AND p.known_from <= %(known_at)s::timestamptz
           AND (p.known_to IS NULL OR p.known_to > %(known_at)s::timestamptz OR p.ended_by_batch_id = ANY (%(without)s::integer[]))
           AND p.batch_id <> ALL (%(without)s::integer[])
           AND p.price > 0
         ORDER BY p.priced_on DESC LIMIT 1) AS last_price_on,
       (SELECT min(p.known_from) FROM price p
         WHERE p.priced_on = (SELECT min(q.priced_on) FROM price q)) AS first_known_from;
