-- Purpose: the custodian's statements to compare: what each portfolio's accounts hold on each day.
-- Grain:   one row per portfolio, statement day and listing.
-- Owner:   helio_worker.  Readers: 419 to 422, in the same transaction.

CREATE TEMPORARY TABLE held ON COMMIT DROP AS
WITH line AS (
    -- A corrected statement replaces the whole account's, lines that are gone included. Of several
    -- custodians' words for one line the deciding one counts.
    SELECT holding.portfolio_id, holding.account, holding.as_at, holding.listing_id, holding.units,
           coalesce(first.known_from, holding.known_from) AS known_from, holding.known_to,
           max(holding.known_from) FILTER (WHERE holding.copy_of IS NULL)
               OVER (PARTITION BY holding.portfolio_id, holding.account, holding.as_at, source_file.source_id) AS newest,
           EXISTS (SELECT FROM public.source_rank WHERE record = 'holding' AND rank <> 50) AS ranked
      FROM public.custody_holding AS holding
      LEFT JOIN public.custody_holding AS first ON first.id = holding.copy_of
      LEFT JOIN public.source_file ON source_file.id = holding.file_id
     WHERE holding.as_at >= %(custody_from)s
       AND (%(everything)s OR holding.portfolio_id = ANY (%(portfolios)s::integer[]))
)
SELECT portfolio_id, as_at, listing_id, sum(units) AS units, max(known_from) AS made_at
  FROM line
 WHERE known_from = newest AND (known_to IS NULL OR NOT ranked)
 GROUP BY portfolio_id, as_at, listing_id
