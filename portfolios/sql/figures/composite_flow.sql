-- Purpose: external flows of the firm and its desks, month and year to date.
-- Grain:   one row per composite; without a desk it is the firm. In the firm's currency.
-- Readers: portfolios/figures/firm.py, as helio_web with the role executive or auditor.

WITH flow AS (
    SELECT NULL::integer AS desk_id, valued_on, external_inflow, external_outflow FROM figures.firm_day
    UNION ALL
    SELECT desk_id, valued_on, external_inflow, external_outflow FROM figures.desk_day
)
SELECT desk_id,
       sum(external_inflow)  AS inflow_year,
       sum(external_outflow) AS outflow_year,
       coalesce(sum(external_inflow - external_outflow) FILTER (WHERE valued_on > %(month)s::date), 0) AS net_flow_month
  FROM flow
 WHERE valued_on > %(year)s::date AND valued_on <= %(as_of)s::date
 GROUP BY desk_id;
