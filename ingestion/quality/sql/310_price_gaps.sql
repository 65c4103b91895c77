-- Purpose: sessions of the venue without a price: each one missing, and five or more in a row as
--          stale. A listing that somebody holds is stale too when its prices have stopped.
-- Grain:   one row per listing and missing session; one per run of them.
-- Owner:   helio_worker.  Readers: quality/prices.py.

WITH span AS (
    SELECT listing.id AS listing_id, listing.key, listing.operating_mic,
           (SELECT min(priced_on) FROM public.price WHERE price.listing_id = listing.id) AS first_on,
           (SELECT max(priced_on) FROM public.price WHERE price.listing_id = listing.id) AS last_on
      FROM public.listing
     WHERE listing.operating_mic <> ''
       AND (%(everything)s OR listing.id = ANY (%(listings)s::integer[]))
), session AS (
    SELECT operating_mic, open_on, row_number() OVER (PARTITION BY operating_mic ORDER BY open_on) AS place
      FROM public.market_session
     WHERE open_on >= %(prices_from)s
), venue AS (
    SELECT operating_mic, max(last_on) AS priced_to FROM span GROUP BY operating_mic
), missing AS (
    SELECT span.listing_id, span.key, span.last_on, session.open_on,
           session.place - row_number() OVER (PARTITION BY span.listing_id ORDER BY session.open_on) AS run
      FROM span
      JOIN venue   ON venue.operating_mic = span.operating_mic
      JOIN session ON session.operating_mic = span.operating_mic
                  AND session.open_on BETWEEN span.first_on AND venue.priced_to
     WHERE NOT EXISTS (SELECT FROM public.price
                        WHERE price.listing_id = span.listing_id AND price.priced_on = session.open_on)
), stretch AS (
    SELECT listing_id, key, min(open_on) AS from_on, max(open_on) AS to_on, count(*) AS sessions,
           max(open_on) < min(last_on) AS inside
      FROM missing
     GROUP BY listing_id, key, run
), carried AS (
    SELECT stretch.*, before.id, before.priced_on, before.price, before.unit, before.file_id, before.line_no,
           (SELECT min(priced_on) FROM public.price
             WHERE price.listing_id = stretch.listing_id AND price.priced_on > stretch.to_on) AS again_on
      FROM stretch
      CROSS JOIN LATERAL (
           SELECT * FROM public.price
            WHERE price.listing_id = stretch.listing_id AND price.priced_on < stretch.from_on
              AND price.known_to IS NULL
            ORDER BY price.priced_on DESC LIMIT 1) AS before
), spoken AS (
    SELECT 'PRICE_MISSING' AS code, carried.*, missing.open_on AS finding_day,
           format('No price of %%s on %%s, a session: that of %%s is carried.', carried.key, missing.open_on, carried.priced_on) AS sentence
      FROM carried
      JOIN missing ON missing.listing_id = carried.listing_id
                  AND missing.open_on BETWEEN carried.from_on AND carried.to_on
     WHERE carried.inside
    UNION ALL
    SELECT 'PRICE_STALE', carried.*, carried.from_on,
           format('%%s sessions of %%s in a row without a price, to %%s.', carried.sessions, carried.key, carried.to_on)
      FROM carried
     WHERE carried.sessions >= 5
       AND (carried.inside OR EXISTS (SELECT FROM public.holding_state
                                       WHERE holding_state.listing_id = carried.listing_id
                                         AND holding_state.to_on IS NULL AND holding_state.units <> 0))
)
SELECT code, 'vendor' AS source, key AS subject, finding_day, sentence,
       jsonb_build_object(
           'numbers', jsonb_build_object('last price', trim_scale(price), 'unit', unit, 'of', priced_on, 'sessions', sessions),
           'rows', jsonb_build_array(jsonb_build_object('fact', 'price', 'id', id, 'file', file_id, 'line', line_no))) AS evidence,
       NULL::integer AS portfolio_id, listing_id, NULL::timestamptz AS known_from,
       CASE WHEN again_on IS NOT NULL THEN format('Prices came again on %%s.', again_on) ELSE '' END AS closed_because
  FROM spoken
