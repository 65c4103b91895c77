-- Purpose: notes each month end's value as it is first shown once the month is over.
-- Grain:   one row per portfolio and last valuation day of a month.
-- Owner:   helio_worker.  Readers: 541_restated.sql.

INSERT INTO public.published_figure (portfolio_id, valued_on, net_asset_value, wealth_net, version)
SELECT day.portfolio_id, day.valued_on, day.net_asset_value, day.wealth_net, %(version)s
  FROM rollup.portfolio_day AS day
 WHERE day.valued_on IN (SELECT max(valued_on) FROM public.valuation_day
                          WHERE valued_on < date_trunc('month', %(as_of)s::date)
                          GROUP BY date_trunc('month', valued_on))
    ON CONFLICT (portfolio_id, valued_on) DO NOTHING
