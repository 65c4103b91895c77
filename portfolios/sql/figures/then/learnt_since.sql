-- Purpose: what became known of a portfolio after a moment and touches a day: transactions entered,
--          amended or cancelled, closes of what it held, fixings of its currencies. A record of a batch of
--          ``without`` was delivered after it, whenever it had been captured; it became known with the
--          version that its batch is in.
-- Grain:   one row per record, in the order in which it became known.
-- Readers: portfolios/figures/restated.py, as helio_web (its perimeter).

WITH delivered AS MATERIALIZED (
    SELECT b.batch_id, min(v.created_at) AS delivered_at
      FROM version v
      CROSS JOIN LATERAL unnest(v.batch_ids) AS b (batch_id)
     WHERE b.batch_id = ANY (%(without)s::integer[])
     GROUP BY b.batch_id
), entered AS (
    SELECT t.*, o.id IS NOT NULL AS amends, o.cash_effect AS was
      FROM transaction t
      LEFT JOIN LATERAL (
            SELECT b.id, b.cash_effect FROM transaction b
             WHERE b.portfolio_id = t.portfolio_id AND b.source = t.source
               AND b.source_reference = t.source_reference AND b.known_from < t.known_from
               AND (b.known_to IS NULL OR b.known_to > b.known_from)
             ORDER BY b.known_from DESC LIMIT 1) AS o ON true
     WHERE t.portfolio_id = %(portfolio_id)s::integer AND t.effective_on <= %(as_of)s::date
       AND (t.known_from > %(known_at)s::timestamptz OR t.batch_id = ANY (%(without)s::integer[]))
       AND (t.known_to IS NULL OR t.known_to > t.known_from)
), dropped AS (
    SELECT t.*
      FROM transaction t
     WHERE t.portfolio_id = %(portfolio_id)s::integer AND t.effective_on <= %(as_of)s::date
       AND t.known_from <= %(known_at)s::timestamptz AND t.batch_id <> ALL (%(without)s::integer[])
       AND (t.known_to > %(known_at)s::timestamptz OR t.ended_by_batch_id = ANY (%(without)s::integer[]))
       AND NOT EXISTS (SELECT FROM transaction o
                        WHERE o.portfolio_id = t.portfolio_id AND o.source = t.source
                          AND o.source_reference = t.source_reference AND o.known_from >= t.known_to
                          AND (o.known_to IS NULL OR o.known_to > o.known_from))
), held AS (
    SELECT h.listing_id, h.from_on, coalesce(h.to_on, 'infinity') AS to_on, l.key, l.price_currency
      FROM holding_state h
      JOIN listing l ON l.id = h.listing_id
     WHERE h.portfolio_id = %(portfolio_id)s::integer AND h.units <> 0 AND h.from_on <= %(as_of)s::date
), money AS (
    SELECT price_currency AS currency FROM held
    UNION SELECT base_currency FROM portfolio WHERE id = %(portfolio_id)s::integer
)
SELECT 'transaction' AS kind, CASE WHEN e.amends THEN 'amended' ELSE 'entered' END AS what,
       e.kind AS event, l.key AS subject, e.effective_on AS touches_on,
       greatest(e.known_from, (SELECT delivered_at FROM delivered WHERE batch_id = e.batch_id)) AS learnt_at,
       e.was, e.cash_effect AS value, e.currency AS unit,
       e.source, e.source_reference, e.id AS transaction_id, e.batch_id, e.file_id, e.line_no
  FROM entered e
  LEFT JOIN listing l ON l.id = e.listing_id
UNION ALL
SELECT 'transaction', 'cancelled', d.kind, l.key, d.effective_on,
       greatest(d.known_to, (SELECT delivered_at FROM delivered WHERE batch_id = d.ended_by_batch_id)), d.cash_effect, NULL, d.currency,
       d.source, d.source_reference, d.id, d.batch_id, d.file_id, d.line_no
  FROM dropped d
  LEFT JOIN listing l ON l.id = d.listing_id
UNION ALL
SELECT 'price', CASE WHEN o.price IS NULL THEN 'released' ELSE 'restated' END, '', h.key, p.priced_on,
       greatest(p.known_from, (SELECT delivered_at FROM delivered WHERE batch_id = p.batch_id)),
       o.price, p.price, p.unit, '', '', NULL, p.batch_id, p.file_id, p.line_no
  FROM (SELECT DISTINCT listing_id, key FROM held) AS h
  JOIN price p ON p.listing_id = h.listing_id AND p.priced_on <= %(as_of)s::date
              AND (p.known_from > %(known_at)s::timestamptz OR p.batch_id = ANY (%(without)s::integer[]))
              AND (p.known_to IS NULL OR p.known_to > p.known_from)
  LEFT JOIN LATERAL (
        SELECT q.price FROM price q
         WHERE q.listing_id = p.listing_id AND q.priced_on = p.priced_on
           AND q.known_from <= %(known_at)s::timestamptz
           AND q.batch_id <> ALL (%(without)s::integer[])
           AND (q.known_to IS NULL OR q.known_to > %(known_at)s::timestamptz
                OR q.ended_by_batch_id = ANY (%(without)s::integer[]))
         ORDER BY q.revision DESC LIMIT 1) AS o ON true
 -- A close serves until the next one: a holding begun a little later may still use it.
 WHERE EXISTS (SELECT FROM held s WHERE s.listing_id = p.listing_id
                  AND s.from_on <= p.priced_on + 10 AND s.to_on >= p.priced_on)
UNION ALL
SELECT 'fixing', CASE WHEN o.rate IS NULL THEN 'released' ELSE 'restated' END, '', x.base_currency || x.quote_currency,
       x.fixed_on, greatest(x.known_from, (SELECT delivered_at FROM delivered WHERE batch_id = x.batch_id)), o.rate, x.rate, x.quote_currency, '', '', NULL, x.batch_id, x.file_id, x.line_no
  FROM fx_fixing x
  LEFT JOIN LATERAL (
        SELECT q.rate FROM fx_fixing q
         WHERE q.base_currency = x.base_currency AND q.quote_currency = x.quote_currency
           AND q.fixed_on = x.fixed_on AND q.known_from <= %(known_at)s::timestamptz
           AND q.batch_id <> ALL (%(without)s::integer[])
           AND (q.known_to IS NULL OR q.known_to > %(known_at)s::timestamptz
                OR q.ended_by_batch_id = ANY (%(without)s::integer[]))
         ORDER BY q.known_from DESC LIMIT 1) AS o ON true
 WHERE x.fixed_on <= %(as_of)s::date
   AND (x.known_from > %(known_at)s::timestamptz OR x.batch_id = ANY (%(without)s::integer[]))
   AND (x.known_to IS NULL OR x.known_to > x.known_from)
   AND (x.base_currency IN (SELECT currency FROM money WHERE currency <> %(pivot)s::text)
        OR x.quote_currency IN (SELECT currency FROM money WHERE currency <> %(pivot)s::text))
 ORDER BY learnt_at, kind, touches_on, transaction_id, file_id, line_no;
