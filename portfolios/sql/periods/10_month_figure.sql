-- Purpose: each portfolio's figures of a month as they are now.
-- Grain:   one row per portfolio with a valuation day in the month, base currency.
-- Owner:   helio_worker.  Readers: 20_freeze and 30_restated, in the same transaction.

CREATE TEMPORARY TABLE month_figure ON COMMIT DROP AS
WITH day AS (
    SELECT portfolio_id, valued_on, base_currency, net_asset_value, external_inflow, external_outflow,
           wealth_net, wealth_gross
      FROM rollup.portfolio_day
     WHERE valued_on >= %(month)s::date - 31 AND valued_on < %(month)s::date + interval '1 month'
), flow AS (
    SELECT portfolio_id, sum(external_inflow) AS external_inflow, sum(external_outflow) AS external_outflow
      FROM day
     WHERE valued_on >= %(month)s::date
     GROUP BY portfolio_id
), ending AS (
    SELECT DISTINCT ON (portfolio_id) *
      FROM day
     WHERE valued_on >= %(month)s::date
     ORDER BY portfolio_id, valued_on DESC
), opening AS (
    SELECT DISTINCT ON (portfolio_id) *
      FROM day
     WHERE valued_on < %(month)s::date
     ORDER BY portfolio_id, valued_on DESC
)
SELECT ending.portfolio_id, ending.valued_on, ending.base_currency, ending.net_asset_value,
       flow.external_inflow, flow.external_outflow,
       ending.wealth_net / coalesce(opening.wealth_net, 1) - 1     AS return_net,
       ending.wealth_gross / coalesce(opening.wealth_gross, 1) - 1 AS return_gross,
       ending.wealth_net
  FROM ending
  JOIN flow         ON flow.portfolio_id = ending.portfolio_id
  LEFT JOIN opening ON opening.portfolio_id = ending.portfolio_id;
