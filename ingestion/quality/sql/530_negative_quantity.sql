-- Purpose: quantities below nothing: Helio knows no short positions, so each is an error.
-- Grain:   one row per portfolio, listing and stretch of days.
-- Owner:   helio_worker.  Readers: quality/results.py.

SELECT 'NEGATIVE_QUANTITY' AS code, 'helio' AS source, portfolio.code || ' ' || listing.key AS subject,
       state.from_on AS finding_day,
       format('%%s holds %%s of %%s from %%s%%s.', portfolio.code, trim_scale(state.units), listing.key, state.from_on,
              CASE WHEN state.to_on IS NULL THEN ' on' ELSE format(' to %%s', state.to_on) END) AS sentence,
       jsonb_build_object('numbers', jsonb_build_object('units', trim_scale(state.units), 'from', state.from_on, 'to', state.to_on),
                          'rows', '[]'::jsonb) AS evidence,
       state.portfolio_id, state.listing_id, NULL::timestamptz AS known_from, '' AS closed_because
  FROM public.holding_state AS state
  JOIN public.listing   ON listing.id = state.listing_id
  JOIN public.portfolio ON portfolio.id = state.portfolio_id
 WHERE state.units < 0 AND state.average_cost IS NOT NULL
   AND (%(everything)s OR state.portfolio_id = ANY (%(valued)s::integer[]))
