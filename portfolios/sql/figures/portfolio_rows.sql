-- Purpose: the figures of each portfolio on some days: an as-of, the anchors of its periods and
--          the points of its sparkline.
-- Grain:   one row per portfolio of the perimeter and day.
-- Readers: portfolios/figures/books.py, as helio_web.

SELECT d.portfolio_id, d.valued_on, d.base_currency, d.net_asset_value, d.cash_value, d.day_pnl, d.return_net,
       d.wealth_net, d.max_drawdown, d.return_count, d.return_sum, d.return_square_sum, d.usd_rate
  FROM figures.portfolio_day d
 WHERE d.valued_on = ANY (%(days)s::date[])
   AND (%(portfolio_ids)s::integer[] IS NULL OR d.portfolio_id = ANY (%(portfolio_ids)s::integer[]))
 ORDER BY d.portfolio_id, d.valued_on;
