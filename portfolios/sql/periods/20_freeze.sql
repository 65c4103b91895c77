-- Purpose: keeps the figures of a month as they are at its closing.
-- Grain:   one row per portfolio with figures in the month.
-- Owner:   helio_worker, after 10_month_figure.

INSERT INTO closed_figure (close_id, portfolio_id, valued_on, base_currency, net_asset_value,
                           external_inflow, external_outflow, return_net, return_gross, wealth_net)
SELECT %(close)s::integer, portfolio_id, valued_on, base_currency, net_asset_value,
       external_inflow, external_outflow, return_net, return_gross, wealth_net
  FROM month_figure
RETURNING portfolio_id, valued_on;
