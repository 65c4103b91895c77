-- Purpose: the custodian's statement of each day beside the ledger by settlement date, as the
--          ledger was known when the statement was made.
-- Grain:   one row per portfolio, statement day and listing (cash is a listing) on either side.
-- Owner:   helio_worker.  Readers: 421 and 422, in the same transaction; after 418 and 419.
--
-- Each entry of the ledger counts from the first statement on which it is settled and known until
-- the first on which it is known no more: two steps, summed up along the statements, so that the
-- cost grows with entries and statements and not with their product.
-- Safekeeping fees count from their value date, although the statement that tells them is later.
-- A purchase before a split that settles after it settles in new units: units are summed up
-- in units of before all splits and then multiplied by the splits up to the day.

CREATE TEMPORARY TABLE compared ON COMMIT DROP AS
WITH split AS (
    SELECT portfolio_id, listing_id, effective_on, known_from, known_to, ln(split_new / split_old) AS growth
      FROM public.transaction
     WHERE kind = 'SPLIT' AND split_old > 0 AND split_new > 0
       AND (%(everything)s OR portfolio_id = ANY (%(portfolios)s::integer[]))
), entry AS (
    SELECT portfolio_id, listing_id, effective_on, settles_on, known_from, known_to, units AS amount
      FROM public.transaction
     WHERE units <> 0 AND kind IN ('BUY', 'SELL', 'TRANSFER_IN', 'TRANSFER_OUT')
       AND (%(everything)s OR portfolio_id = ANY (%(portfolios)s::integer[]))
    UNION ALL
    SELECT event.portfolio_id, cash.id, event.effective_on, event.settles_on,
           CASE WHEN event.kind = 'CUSTODY_FEE' THEN '-infinity' ELSE event.known_from END,
           event.known_to, leg.amount
      FROM public.transaction AS event
     CROSS JOIN LATERAL (VALUES (event.currency, event.cash_effect),
                                (event.second_currency, event.second_cash_effect)) AS leg (currency, amount)
      JOIN public.listing AS cash ON cash.key = 'CASH:' || leg.currency
     WHERE leg.amount <> 0
       AND (%(everything)s OR event.portfolio_id = ANY (%(portfolios)s::integer[]))
), unsplit AS (
    SELECT entry.*,
           entry.amount / coalesce(
               (SELECT round(exp(sum(split.growth)), 12)
                  FROM split
                 WHERE split.portfolio_id = entry.portfolio_id AND split.listing_id = entry.listing_id
                   AND split.effective_on <= entry.effective_on
                   AND (split.known_to IS NULL OR split.known_to > greatest(entry.known_from, split.known_from))),
               1) AS units
      FROM entry
), counted AS (
    SELECT unsplit.portfolio_id, unsplit.listing_id, unsplit.units, begins.place AS from_place,
           CASE WHEN unsplit.known_to IS NOT NULL THEN
               (SELECT later.place FROM statement AS later
                 WHERE later.portfolio_id = unsplit.portfolio_id AND later.known_at >= unsplit.known_to
                 ORDER BY later.known_at, later.place LIMIT 1) END AS to_place
      FROM unsplit
     -- days and times of making rise together: the later of the two places meets both
     CROSS JOIN LATERAL (
           SELECT settled.place FROM statement AS settled
            WHERE settled.portfolio_id = unsplit.portfolio_id
              AND settled.as_at >= greatest(unsplit.settles_on, unsplit.effective_on)
            ORDER BY settled.as_at LIMIT 1) AS settled
     CROSS JOIN LATERAL (
           SELECT known.place FROM statement AS known
            WHERE known.portfolio_id = unsplit.portfolio_id AND known.known_at >= unsplit.known_from
            ORDER BY known.known_at, known.place LIMIT 1) AS known
     CROSS JOIN LATERAL (SELECT greatest(settled.place, known.place) AS place) AS begins
), step AS (
    SELECT portfolio_id, listing_id, place, sum(units) AS units
      FROM (SELECT portfolio_id, listing_id, from_place AS place, units FROM counted
             WHERE to_place IS NULL OR to_place > from_place
            UNION ALL
            SELECT portfolio_id, listing_id, to_place, -units FROM counted WHERE to_place > from_place) AS steps
     GROUP BY portfolio_id, listing_id, place
), pair AS (
    SELECT portfolio_id, listing_id FROM step
    UNION
    SELECT portfolio_id, listing_id FROM held
), side AS (
    SELECT statement.portfolio_id, statement.as_at, statement.made_at, pair.listing_id,
           coalesce(sum(step.units) OVER along, 0) AS unsplit_units,
           coalesce(held.units, 0) AS custodian
      FROM pair
      JOIN statement ON statement.portfolio_id = pair.portfolio_id
      LEFT JOIN step ON step.portfolio_id = pair.portfolio_id AND step.listing_id = pair.listing_id
                    AND step.place = statement.place
      LEFT JOIN held ON held.portfolio_id = pair.portfolio_id AND held.listing_id = pair.listing_id
                    AND held.as_at = statement.as_at
    WINDOW along AS (PARTITION BY pair.portfolio_id, pair.listing_id ORDER BY statement.as_at)
), grown AS (
    SELECT side.*,
           round(side.unsplit_units * coalesce(
               (SELECT round(exp(sum(split.growth)), 12)
                  FROM split
                 WHERE split.portfolio_id = side.portfolio_id AND split.listing_id = side.listing_id
                   AND split.effective_on <= side.as_at AND split.known_from <= side.made_at
                   AND (split.known_to IS NULL OR split.known_to > side.made_at)), 1), 6) AS ledger
      FROM side
     WHERE side.unsplit_units <> 0 OR side.custodian <> 0
)
SELECT grown.portfolio_id, grown.as_at, grown.made_at, grown.listing_id,
       listing.key LIKE 'CASH:%%' AS is_cash,
       grown.ledger, grown.custodian, grown.custodian - grown.ledger AS break_size
  FROM grown
  JOIN public.listing ON listing.id = grown.listing_id
