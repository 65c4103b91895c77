-- Purpose: splits the market data tells that the ledger of a holder does not know.
-- Grain:   one row per portfolio and split.
-- Owner:   helio_worker.  Readers: quality/custody.py.

SELECT 'ACTION_NOT_BOOKED' AS code, 'vendor/blotter' AS source,
       portfolio.code || ' ' || listing.key AS subject, action.effective_on AS finding_day,
       format('%%s held %%s of %%s before its split %%s:%%s and has not booked it.', portfolio.code,
              trim_scale(before.units), listing.key, action.terms ->> 'new', action.terms ->> 'old') AS sentence,
       jsonb_build_object(
           'numbers', jsonb_build_object('units before', trim_scale(before.units), 'new', action.terms ->> 'new',
                                         'old', action.terms ->> 'old'),
           'rows', jsonb_build_array(jsonb_build_object(
               'fact', 'corporate_action', 'id', action.id, 'file', action.file_id, 'line', action.line_no))) AS evidence,
       portfolio.id AS portfolio_id, listing.id AS listing_id, action.known_from, '' AS closed_because
  FROM public.corporate_action AS action
  JOIN public.listing ON listing.id = action.listing_id
  JOIN public.holding_state AS before ON before.listing_id = action.listing_id
       AND before.from_on < action.effective_on
       AND (before.to_on IS NULL OR before.to_on >= (SELECT max(valued_on) FROM public.valuation_day
                                                      WHERE valued_on < action.effective_on))
       AND before.units > 0
  JOIN public.portfolio ON portfolio.id = before.portfolio_id
 WHERE action.kind = 'split' AND action.known_to IS NULL
   AND action.effective_on <= (SELECT max(valued_on) FROM public.valuation_day)
   AND NOT EXISTS (SELECT FROM public.transaction AS entry
                    WHERE entry.portfolio_id = before.portfolio_id AND entry.listing_id = action.listing_id
                      AND entry.kind = 'SPLIT' AND entry.known_to IS NULL
                      AND entry.effective_on = action.effective_on)
