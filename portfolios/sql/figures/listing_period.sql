-- Purpose: what each holding did over a period in one currency, each day at its own fixings: value
--          at both ends, cash of its trades and income, the part of its change that exchange rates
--          made, its share of what was invested, and its contribution.
--          contribution = Σ (v1 − v0 + traded + income) × factor of the day, factors as given
--          currency     = Σ (v1 + traded) × (1 − e0/e1), e the rate of the price currency; of cash:
--                         Σ v0 × (e1/e0 − 1)
-- Grain:   one row per listing held or traded, cash included (which has no contribution of its own).
-- Readers: portfolios/figures/contributed.py, as helio_web.
--
-- ``days`` begin with the day whose close opens the period; its factor and share are not used.

WITH axis AS (
    SELECT a.day, a.factor, lead(a.factor) OVER run AS next_factor, lead(a.share) OVER run AS next_share,
           row_number() OVER run = 1 AS opens, lead(a.day) OVER run IS NULL AS closes
      FROM unnest(%(days)s::date[], %(factors)s::double precision[], %(shares)s::double precision[])
           AS a (day, factor, share)
    WINDOW run AS (ORDER BY a.day)
), rate AS (
    SELECT f.currency, a.day,
           CASE WHEN f.currency = r.currency THEN 1 ELSE f.usd_per_unit / r.usd_per_unit END AS rate,
           r.usd_per_unit AS reporting_rate, a.factor, a.next_factor, a.next_share, a.opens, a.closes
      FROM axis a
      JOIN fx_daily r ON r.currency = %(currency)s::text AND r.valued_on = a.day
      JOIN fx_daily f ON f.valued_on = a.day
), moving AS (
    SELECT r.*, 1 - lag(r.rate) OVER run / r.rate AS gained, lead(r.rate) OVER run / r.rate - 1 AS gains
      FROM rate r
    WINDOW run AS (PARTITION BY r.currency ORDER BY r.day)
), held AS (
    -- The base currency's rate by its key: the planner expects a few rows behind a policy, and would go
    -- through a list of all rates for each of them.
    SELECT p.listing_id, p.average_cost IS NULL AS is_cash,
           p.base_value * CASE WHEN o.base_currency = %(currency)s::text THEN 1
                               ELSE b.usd_per_unit / m.reporting_rate END AS value, m.gained, m.gains, m.factor, m.next_factor, m.next_share, m.opens, m.closes
      FROM position_daily p
      JOIN portfolio o ON o.id = p.portfolio_id
      JOIN moving m    ON m.currency = p.price_currency AND m.day = p.valued_on
      JOIN fx_daily b  ON b.currency = o.base_currency AND b.valued_on = p.valued_on
     WHERE p.valued_on BETWEEN %(start)s::date AND %(until)s::date
       AND (%(portfolio_ids)s::integer[] IS NULL OR p.portfolio_id = ANY (%(portfolio_ids)s::integer[]))
), part AS (
    SELECT h.listing_id,
           CASE WHEN h.opens THEN h.value END  AS opening_value,
           CASE WHEN h.closes THEN h.value END AS closing_value,
           0::numeric AS traded_cash, 0::numeric AS dividend_income,
           CASE WHEN h.is_cash THEN CASE WHEN h.closes THEN 0 ELSE h.value * h.gains END
                WHEN h.opens THEN 0 ELSE h.value * h.gained END AS currency_effect,
           h.value::double precision * h.next_share AS weight,
           CASE WHEN h.is_cash THEN 0
                ELSE h.value::double precision * (CASE WHEN h.opens THEN 0 ELSE h.factor END
                                                  - coalesce(h.next_factor, 0)) END AS contribution
      FROM held h
    UNION ALL
    SELECT a.listing_id, NULL, NULL, a.traded_cash * c.rate, a.dividend_income * c.rate,
           a.traded_cash * c.rate * m.gained, 0,
           ((a.traded_cash + a.dividend_income) * c.rate)::double precision * m.factor
      FROM listing_activity a
      JOIN portfolio o ON o.id = a.portfolio_id
      JOIN listing l   ON l.id = a.listing_id
      JOIN moving m    ON m.currency = l.price_currency AND m.day = a.valued_on
      JOIN fx_daily b  ON b.currency = o.base_currency AND b.valued_on = a.valued_on
      CROSS JOIN LATERAL (SELECT CASE WHEN o.base_currency = %(currency)s::text THEN 1
                                      ELSE b.usd_per_unit / m.reporting_rate END) AS c (rate)
     WHERE a.valued_on > %(start)s::date AND a.valued_on <= %(until)s::date
       AND (%(portfolio_ids)s::integer[] IS NULL OR a.portfolio_id = ANY (%(portfolio_ids)s::integer[]))
), summed AS (
    SELECT p.listing_id,
           coalesce(sum(p.opening_value), 0)::numeric(30, 10)   AS opening_value,
           coalesce(sum(p.closing_value), 0)::numeric(30, 10)   AS closing_value,
           sum(p.traded_cash)::numeric(30, 10)                  AS traded_cash,
           sum(p.dividend_income)::numeric(30, 10)              AS dividend_income,
           coalesce(sum(p.currency_effect), 0)::numeric(30, 10) AS currency_effect,
           coalesce(sum(p.weight), 0) AS weight, coalesce(sum(p.contribution), 0) AS contribution
      FROM part p
     GROUP BY p.listing_id
)
SELECT s.listing_id, l.key AS listing_key, i.name, i.security_type, i.sector, i.domicile,
       coalesce(u.name, '') AS issuer, l.price_currency AS currency, left(l.key, 5) = 'CASH:' AS is_cash,
       s.opening_value, s.closing_value, s.traded_cash, s.dividend_income, s.currency_effect,
       s.weight, s.contribution
  FROM summed s
  JOIN listing l     ON l.id = s.listing_id
  JOIN instrument i  ON i.id = l.instrument_id
  LEFT JOIN issuer u ON u.id = i.issuer_id
 ORDER BY l.key;
