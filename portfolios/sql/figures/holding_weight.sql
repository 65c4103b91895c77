-- Purpose: what is held on a day by instrument and issuer, in one currency, for exposure by issuer,
--          concentration and active share.
-- Grain:   one row per instrument; cash is one row without an issuer.
-- Readers: portfolios/figures/structure.py, as helio_web.

SELECT i.id AS instrument_id, p.average_cost IS NULL AS is_cash, coalesce(u.name, '') AS issuer,
       sum(p.base_value * CASE WHEN o.base_currency = %(currency)s::text THEN 1
                               ELSE b.usd_per_unit / r.usd_per_unit END) AS value
  FROM position_daily p
  JOIN portfolio o   ON o.id = p.portfolio_id
  JOIN fx_daily b    ON b.currency = o.base_currency AND b.valued_on = p.valued_on
  JOIN fx_daily r    ON r.currency = %(currency)s::text AND r.valued_on = p.valued_on
  JOIN listing l     ON l.id = p.listing_id
  JOIN instrument i  ON i.id = l.instrument_id
  LEFT JOIN issuer u ON u.id = i.issuer_id
 WHERE p.valued_on = %(as_of)s::date AND p.base_value IS NOT NULL
   AND (%(portfolio_ids)s::integer[] IS NULL OR p.portfolio_id = ANY (%(portfolio_ids)s::integer[]))
 GROUP BY i.id, p.average_cost IS NULL, u.name
 ORDER BY i.id;
