-- Purpose: purchases and sales of a period in one currency at the fixings of the valuation day on
--          which each took effect, gross of charges. Transfers in kind are neither.
-- Grain:   one row.
-- Readers: portfolios/figures/structure.py, as helio_web.

SELECT coalesce(sum(t.gross_amount * x.rate) FILTER (WHERE t.kind = 'BUY'), 0)::numeric(30, 10)  AS purchases,
       coalesce(sum(t.gross_amount * x.rate) FILTER (WHERE t.kind = 'SELL'), 0)::numeric(30, 10) AS sales
  FROM transaction t
  JOIN valuation_day d ON d.valued_on >= t.effective_on AND d.previous_on < t.effective_on
  JOIN fx_daily f      ON f.currency = t.currency AND f.valued_on = d.valued_on
  JOIN fx_daily r      ON r.currency = %(currency)s::text AND r.valued_on = d.valued_on
  CROSS JOIN LATERAL (
        SELECT CASE WHEN t.currency = %(currency)s::text THEN 1
                    ELSE f.usd_per_unit / r.usd_per_unit END AS rate) AS x
 WHERE t.kind IN ('BUY', 'SELL') AND t.known_to IS NULL
   AND t.effective_on > %(start)s::date AND t.effective_on <= %(until)s::date
   AND d.valued_on <= %(until)s::date
   AND (%(portfolio_ids)s::integer[] IS NULL OR t.portfolio_id = ANY (%(portfolio_ids)s::integer[]));
