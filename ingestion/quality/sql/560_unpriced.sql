-- Purpose: holdings of the newest day that have no value: no close of theirs ever came, or no
--          fixing of the currency it is in. The portfolio's value leaves them out.
-- Grain:   one row per portfolio and listing, of the first day of the holding.
-- Owner:   helio_worker.  Readers: quality/results.py.

WITH newest AS (
    SELECT max(valued_on) AS valued_on FROM public.valuation_day
), unpriced AS (
    SELECT position.portfolio_id, position.listing_id, position.units, position.price, position.price_currency
      FROM rollup.position_daily AS position
      JOIN newest ON newest.valued_on = position.valued_on
     WHERE position.base_value IS NULL
)
SELECT 'HOLDING_UNPRICED' AS code, 'helio' AS source, portfolio.code || ' ' || listing.key AS subject,
       held.from_on AS finding_day,
       format('%%s holds %%s of %%s, which has no value: %%s.', portfolio.code, trim_scale(unpriced.units), listing.key,
              CASE WHEN unpriced.price IS NULL THEN 'no price of it ever came'
                   ELSE format('there is no %%s fixing', unpriced.price_currency) END) AS sentence,
       jsonb_build_object('numbers', jsonb_build_object('units', trim_scale(unpriced.units),
                                                        'price', trim_scale(unpriced.price),
                                                        'currency', unpriced.price_currency),
                          'rows', '[]'::jsonb) AS evidence,
       unpriced.portfolio_id, unpriced.listing_id, NULL::timestamptz AS known_from, '' AS closed_because
  FROM unpriced
  JOIN public.portfolio ON portfolio.id = unpriced.portfolio_id
  JOIN public.listing   ON listing.id = unpriced.listing_id
  CROSS JOIN LATERAL (
        SELECT min(state.from_on) AS from_on FROM public.holding_state AS state
         WHERE state.portfolio_id = unpriced.portfolio_id AND state.listing_id = unpriced.listing_id
           AND state.units <> 0) AS held
