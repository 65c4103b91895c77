-- Purpose: which portfolios' figures of a closed month are others now than when it was closed, and
--          what made them so: the versions since then that changed the portfolio, and their batches.
-- Grain:   closed_restatement: one row per closing and portfolio that differs.
-- Owner:   helio_worker, after 10_month_figure.

DELETE FROM closed_restatement WHERE close_id = %(close)s::integer;

INSERT INTO closed_restatement (close_id, portfolio_id, code, base_currency,
       net_asset_value_closed, net_asset_value_now, return_net_closed, return_net_now,
       cause, batch_ids, version_number)
SELECT %(close)s::integer, portfolio.id, portfolio.code, portfolio.base_currency,
       closed.net_asset_value, now.net_asset_value, closed.return_net, now.return_net,
       coalesce(since.cause, ''), coalesce(since.batch_ids, '{}'), since.number
  FROM (SELECT * FROM closed_figure WHERE close_id = %(close)s::integer) AS closed
  FULL JOIN month_figure AS now ON now.portfolio_id = closed.portfolio_id
  JOIN portfolio ON portfolio.id = coalesce(closed.portfolio_id, now.portfolio_id)
  LEFT JOIN LATERAL (
        SELECT min(version.number) AS number,
               (array_agg(version.cause ORDER BY version.number))[1] AS cause,
               array_agg(DISTINCT batch_id ORDER BY batch_id) FILTER (WHERE batch_id IS NOT NULL) AS batch_ids
          FROM version
          LEFT JOIN LATERAL unnest(version.batch_ids) AS batch_id ON true
         WHERE version.number > %(version)s::integer
           AND version.changed_portfolios @> ARRAY[portfolio.id]) AS since ON true
 WHERE closed.portfolio_id IS NULL OR now.portfolio_id IS NULL
    OR abs(now.net_asset_value - closed.net_asset_value) >= 0.005
    OR abs(now.return_net - closed.return_net) >= 5e-11
    OR abs(now.external_inflow - closed.external_inflow) >= 0.005
    OR abs(now.external_outflow - closed.external_outflow) >= 0.005;
