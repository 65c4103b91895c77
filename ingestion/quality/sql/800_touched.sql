-- Purpose: what batches since the last run brought, as far as the checks must look again.
-- Grain:   one row.
-- Owner:   helio_worker.  Readers: quality/scope.py.
--          A cancel has no ledger entry: its order's entries say whose it was. A statement is the
--          whole custodian's, so that who is missing from it counts as touched.

WITH batch AS (
    SELECT unnest(%(batches)s::integer[]) AS id
), version AS (
    SELECT source, reference, known_from FROM public.event_version WHERE batch_id IN (SELECT id FROM batch)
), entry AS (
    SELECT entry.portfolio_id, entry.kind, entry.effective_on
      FROM public.transaction AS entry
      JOIN version ON version.source = entry.source AND version.reference = entry.source_reference
), held AS (
    SELECT portfolio_id, as_at FROM public.custody_holding WHERE batch_id IN (SELECT id FROM batch)
), posted AS (
    SELECT DISTINCT portfolio_id FROM public.custody_posting WHERE batch_id IN (SELECT id FROM batch)
), on_statement AS (
    SELECT portfolio_id FROM public.reconciliation_day
     WHERE EXISTS (SELECT FROM held)
       AND as_at = (SELECT max(as_at) FROM public.reconciliation_day)
), priced AS (
    SELECT listing_id, min(priced_on) AS day FROM public.price
     WHERE batch_id IN (SELECT id FROM batch) GROUP BY listing_id
    UNION ALL
    SELECT listing_id, min(effective_on) FROM public.corporate_action
     WHERE batch_id IN (SELECT id FROM batch) GROUP BY listing_id
), silent AS (
    -- whoever is held and stays without a price while its venue has some
    SELECT listing.id AS listing_id,
           (SELECT max(priced_on) FROM public.price WHERE price.listing_id = listing.id) AS day
      FROM public.listing
     WHERE listing.operating_mic IN (SELECT priced_listing.operating_mic FROM priced
                                       JOIN public.listing AS priced_listing ON priced_listing.id = priced.listing_id)
       AND listing.id IN (SELECT holding_state.listing_id FROM public.holding_state
                           WHERE holding_state.to_on IS NULL AND holding_state.units <> 0)
), looked_back AS (
    SELECT silent.listing_id, silent.day FROM silent
    UNION ALL
    SELECT priced.listing_id,
           least(priced.day, (SELECT max(before.priced_on) FROM public.price AS before
                               WHERE before.listing_id = priced.listing_id AND before.priced_on < priced.day)) AS day
      FROM priced
), statement_from AS (
    SELECT least((SELECT min(as_at) FROM held),
                 (SELECT min(effective_on) FROM entry WHERE kind = 'CUSTODY_FEE'),
                 (SELECT (min(known_from) AT TIME ZONE 'UTC')::date - 7 FROM version)) AS day
)
SELECT ARRAY(SELECT portfolio_id FROM entry
             UNION SELECT portfolio_id FROM held
             UNION SELECT portfolio_id FROM posted
             UNION SELECT portfolio_id FROM on_statement) AS portfolios,
       ARRAY(SELECT listing_id FROM priced
             UNION SELECT listing_id FROM silent)         AS listings,
       (SELECT min(day) FROM looked_back)                 AS prices_from,
       -- a step back, so that the break of the statement before learns how it went on
       coalesce((SELECT max(as_at) FROM public.reconciliation_day, statement_from WHERE as_at < statement_from.day),
                (SELECT day FROM statement_from))         AS custody_from
