-- Purpose: sales that leave fewer than no units on their trade date, by what was known when they
--          were captured.
-- Grain:   one row per version of a sale or delivery out.
-- Owner:   helio_worker.  Readers: quality/trades.py.

WITH entry AS (
    SELECT *
      FROM public.transaction
     WHERE units <> 0 AND kind IN ('BUY', 'SELL', 'TRANSFER_IN', 'TRANSFER_OUT')
       AND (%(everything)s OR portfolio_id = ANY (%(portfolios)s::integer[]))
), split AS (
    SELECT portfolio_id, listing_id, effective_on, known_from, known_to, ln(split_new / split_old) AS growth
      FROM public.transaction
     WHERE kind = 'SPLIT' AND split_new > 0 AND split_old > 0
       AND (%(everything)s OR portfolio_id = ANY (%(portfolios)s::integer[]))
), left_over AS (
    SELECT sale.id,
           sum(round(entry.units * coalesce(
               (SELECT round(exp(sum(split.growth)), 12) FROM split
                 WHERE split.portfolio_id = entry.portfolio_id AND split.listing_id = entry.listing_id
                   AND split.effective_on > entry.effective_on AND split.effective_on <= sale.effective_on
                   AND split.known_from <= sale.known_from
                   AND (split.known_to IS NULL OR split.known_to > sale.known_from)), 1), 6)) AS units
      FROM entry AS sale
      JOIN entry ON entry.portfolio_id = sale.portfolio_id AND entry.listing_id = sale.listing_id
                AND entry.effective_on <= sale.effective_on
                AND entry.known_from <= sale.known_from
                AND (entry.known_to IS NULL OR entry.known_to > sale.known_from)
     WHERE sale.units < 0 AND sale.known_to IS DISTINCT FROM sale.known_from
     GROUP BY sale.id
    HAVING sum(entry.units) < 0 OR bool_or(EXISTS (
               SELECT FROM split WHERE split.portfolio_id = entry.portfolio_id
                                   AND split.listing_id = entry.listing_id))
)
SELECT 'OVERSOLD' AS code, sale.source,
       format('%%s v%%s', sale.source_reference, sale.source_version) AS subject,
       sale.effective_on AS finding_day,
       format('Sells %%s of %%s and leaves %%s in %%s, as known when it was captured.',
              trim_scale(-sale.units), listing.key, trim_scale(left_over.units), portfolio.code) AS sentence,
       jsonb_build_object(
           'numbers', jsonb_build_object('sold', trim_scale(-sale.units), 'left', trim_scale(left_over.units)),
           'rows', jsonb_build_array(jsonb_build_object(
               'fact', 'transaction', 'id', sale.id, 'file', sale.file_id, 'line', sale.line_no))) AS evidence,
       sale.portfolio_id, sale.listing_id, sale.known_from,
       CASE WHEN sale.known_to IS NOT NULL
            THEN format('The sale was replaced or cancelled, known %%s UTC.',
                        to_char(sale.known_to AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI'))
            ELSE '' END AS closed_because
  FROM left_over
  JOIN entry AS sale ON sale.id = left_over.id
  JOIN public.listing   ON listing.id = sale.listing_id
  JOIN public.portfolio ON portfolio.id = sale.portfolio_id
 WHERE left_over.units < 0
