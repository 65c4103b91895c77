-- Purpose: what a day did to each desk, by cause, in US dollars: prices, currencies, trading against the
--          close, income, currency deals and fees. By the rules of portfolios/explain/bridge.py, told at
--          the rates of before; a product of a price and a rate falls to the currency.
-- Grain:   one row per valuation day and desk. Read for one day at a time: two days of holdings are
--          multiplied, no history. It is not stored.
-- Owner:   helio_rollup.  Readers: figures.desk_cause_day (helio_gate).

-- By rollup.position_daily and not by what is served of it: a day that a join names reaches its indexes.
CREATE VIEW rollup.composite_cause AS
WITH side AS (
    -- Of portfolios whose value of the day is known: the sums of the desk are theirs.
    SELECT k.valued_on, v.previous_on, p.portfolio_id, p.listing_id, p.price_currency, p.average_cost IS NULL AS is_cash,
           CASE WHEN p.average_cost IS NULL THEN p.units ELSE greatest(p.units, 0) END AS units_before,
           coalesce(p.base_value, 0) * coalesce(k.opening_usd_rate, 0)                 AS value_before,
           NULL::numeric AS units_now, NULL::numeric AS each_now, 0::numeric AS value_now,
           0::numeric AS traded, 0::numeric AS income
      FROM rollup.portfolio_day k
      -- The eve by its table: one row, from which holdings are found before their prices are.
      JOIN valuation_day v         ON v.valued_on = k.valued_on
      JOIN rollup.position_daily p ON p.portfolio_id = k.portfolio_id AND p.valued_on = v.previous_on
    UNION ALL
    SELECT k.valued_on, k.previous_on, p.portfolio_id, p.listing_id, p.price_currency, p.average_cost IS NULL,
           NULL, 0, greatest(p.units, 0), coalesce(p.price * p.base_rate, 0) * k.usd_rate,
           coalesce(p.base_value, 0) * k.usd_rate, 0, 0
      FROM rollup.portfolio_day k
      JOIN rollup.position_daily p ON p.portfolio_id = k.portfolio_id AND p.valued_on = k.valued_on
    UNION ALL
    SELECT k.valued_on, k.previous_on, a.portfolio_id, a.listing_id, NULL, NULL, NULL, 0, NULL, NULL, 0,
           a.traded_cash * k.usd_rate, a.dividend_income * k.usd_rate
      FROM rollup.portfolio_day k
      JOIN listing_activity a ON a.portfolio_id = k.portfolio_id AND a.valued_on = k.valued_on
), holding AS (
    SELECT s.valued_on, s.previous_on, s.portfolio_id, s.listing_id, max(s.price_currency) AS price_currency,
           coalesce(bool_or(s.is_cash), false) AS is_cash, max(s.units_before) AS units_before,
           max(s.units_now) AS units_now, max(s.each_now) AS each_now, sum(s.value_before) AS value_before,
           sum(s.value_now) AS value_now, sum(s.traded) AS traded, sum(s.income) AS income
      FROM side s
     GROUP BY s.valued_on, s.previous_on, s.portfolio_id, s.listing_id
), rated AS (
    SELECT h.*, n.usd_per_unit AS worth_now, b.usd_per_unit AS worth_before,
           -- What the rate of its price gained, as a part of the rate now.
           coalesce(1 - b.usd_per_unit / n.usd_per_unit, 0) AS gained,
           coalesce(t.factor, 1)                            AS split
      FROM holding h
      LEFT JOIN fx_daily n ON n.currency = h.price_currency AND n.valued_on = h.valued_on
      LEFT JOIN fx_daily b ON b.currency = h.price_currency AND b.valued_on = h.previous_on
      LEFT JOIN LATERAL (
            SELECT exp(sum(ln(x.split_new / x.split_old))) AS factor
              FROM transaction x
             WHERE x.portfolio_id = h.portfolio_id AND x.listing_id = h.listing_id AND x.kind = 'SPLIT'
               AND x.known_to IS NULL AND x.split_new > 0 AND x.split_old > 0
               AND x.effective_on > h.previous_on AND x.effective_on <= h.valued_on) AS t
             ON h.units_before IS NOT NULL AND h.units_now IS NOT NULL AND NOT h.is_cash
), told AS (
    SELECT r.*, (r.value_now + r.traded) * r.gained AS currency,
           -- Bought, or sold out: what its trades gained or lost against the closes.
           CASE WHEN r.units_before IS NULL OR r.units_now IS NULL
                THEN r.value_now - r.value_before + r.traded - (r.value_now + r.traded) * r.gained
                ELSE ((r.units_now - r.units_before * r.split) * r.each_now + r.traded) * (1 - r.gained) END AS trading
      FROM rated r
), effect AS (
    SELECT t.valued_on, t.portfolio_id,
           CASE WHEN t.is_cash THEN 0 ELSE t.value_now - t.value_before + t.traded - t.trading - t.currency END AS price_effect,
           CASE WHEN t.is_cash THEN 0 ELSE t.currency END AS currency_effect,
           CASE WHEN t.is_cash THEN coalesce(t.units_before * (t.worth_now - t.worth_before), 0) ELSE 0 END AS cash_currency_effect,
           CASE WHEN t.is_cash THEN 0 ELSE t.trading END  AS trading_effect,
           CASE WHEN t.is_cash THEN 0 ELSE t.income END   AS dividend_income,
           0::numeric AS deals_effect, 0::numeric AS management_fee, 0::numeric AS safekeeping_fee
      FROM told t
    UNION ALL
    -- Both legs of a currency deal at the day's fixings: the spread to them.
    SELECT k.valued_on, k.portfolio_id, 0, 0, 0, 0, 0, leg.amount * f.usd_per_unit, 0, 0
      FROM rollup.portfolio_day k
      JOIN transaction x ON x.portfolio_id = k.portfolio_id AND x.kind = 'FX' AND x.known_to IS NULL
                        AND x.effective_on > k.previous_on AND x.effective_on <= k.valued_on
      CROSS JOIN LATERAL (VALUES (x.currency, x.cash_effect), (x.second_currency, x.second_cash_effect)) AS leg (currency, amount)
      JOIN fx_daily f    ON f.currency = leg.currency AND f.valued_on = k.valued_on
    UNION ALL
    SELECT k.valued_on, k.portfolio_id, 0, 0, 0, 0, 0, 0, k.management_fee * k.usd_rate, k.safekeeping_fee * k.usd_rate
      FROM rollup.portfolio_day k
     WHERE k.management_fee <> 0 OR k.safekeeping_fee <> 0
)
SELECT o.desk_id, e.valued_on,
       sum(e.price_effect)         AS price_effect,
       sum(e.currency_effect)      AS currency_effect,
       sum(e.cash_currency_effect) AS cash_currency_effect,
       sum(e.trading_effect)       AS trading_effect,
       sum(e.dividend_income)      AS dividend_income,
       sum(e.deals_effect)         AS deals_effect,
       sum(e.management_fee)       AS management_fee,
       sum(e.safekeeping_fee)      AS safekeeping_fee
  FROM effect e
  JOIN portfolio o ON o.id = e.portfolio_id
 GROUP BY o.desk_id, e.valued_on;

GRANT SELECT ON rollup.composite_cause TO helio_gate;
