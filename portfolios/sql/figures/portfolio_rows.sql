-- Purpose: the figures of each portfolio on a day, with its wealth on some days before: the anchors of its
--          periods and the points of its sparkline. Those as two lists, so that a table of hundreds is
--          hundreds of rows and not tens of thousands.
-- Grain:   one row per portfolio of the perimeter that has figures on the day.
-- Readers: portfolios/figures/books.py, as helio_web.

SELECT d.portfolio_id, d.base_currency,
       array_agg(d.valued_on ORDER BY d.valued_on)                               AS days,
       array_agg(d.wealth_net ORDER BY d.valued_on)                              AS wealth,
       max(d.net_asset_value) FILTER (WHERE d.valued_on = %(as_of)s::date)       AS net_asset_value,
       max(d.cash_value) FILTER (WHERE d.valued_on = %(as_of)s::date)            AS cash_value,
       max(d.day_pnl) FILTER (WHERE d.valued_on = %(as_of)s::date)               AS day_pnl,
       max(d.return_net) FILTER (WHERE d.valued_on = %(as_of)s::date)            AS return_net,
       max(d.max_drawdown) FILTER (WHERE d.valued_on = %(as_of)s::date)          AS max_drawdown,
       max(d.return_count) FILTER (WHERE d.valued_on = %(as_of)s::date)          AS return_count,
       max(d.return_sum) FILTER (WHERE d.valued_on = %(as_of)s::date)            AS return_sum,
       max(d.return_square_sum) FILTER (WHERE d.valued_on = %(as_of)s::date)     AS return_square_sum,
       max(d.usd_rate) FILTER (WHERE d.valued_on = %(as_of)s::date)              AS usd_rate
  FROM figures.portfolio_day d
 WHERE d.valued_on = ANY (%(days)s::date[])
   AND (%(portfolio_ids)s::integer[] IS NULL OR d.portfolio_id = ANY (%(portfolio_ids)s::integer[]))
 GROUP BY d.portfolio_id, d.base_currency
HAVING bool_or(d.valued_on = %(as_of)s::date)
 ORDER BY d.portfolio_id;
