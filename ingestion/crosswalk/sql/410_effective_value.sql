-- Purpose: the value that took effect in the last 30 days of data, measured as value at stake is:
--          |gross amount| of ledger entries, |market value| of each account's newest custody lines.
-- Grain:   one row.
-- Owner:   helio_worker, after a load.  %(pivot)s, %(firm)s are currencies.

WITH newest AS (
    SELECT max(business_date) AS day FROM source
), amount AS (
    SELECT entry.currency, entry.effective_on AS on_day, abs(coalesce(entry.gross_amount, entry.cash_effect)) AS amount
      FROM transaction AS entry, newest
     WHERE entry.known_to IS NULL AND entry.effective_on > newest.day - 30
    UNION ALL
    SELECT listing.price_currency, line.as_at, abs(line.market_value)
      FROM (SELECT account, max(as_at) AS as_at
              FROM custody_holding, newest
             WHERE as_at > newest.day - 30 GROUP BY account) AS last
      JOIN custody_holding AS line ON line.account = last.account AND line.as_at = last.as_at AND line.known_to IS NULL
      JOIN listing ON listing.id = line.listing_id
), daily AS (
    SELECT currency, on_day, sum(amount) AS amount FROM amount WHERE currency <> '' GROUP BY currency, on_day
), rated AS (
    SELECT daily.amount,
           CASE WHEN daily.currency = %(pivot)s::text THEN 1 ELSE own.per_unit END
           / nullif(CASE WHEN %(firm)s::text = %(pivot)s::text THEN 1 ELSE firm.per_unit END, 0) AS rate
      FROM daily
      LEFT JOIN LATERAL (
           SELECT CASE WHEN base_currency = %(pivot)s::text THEN 1 / nullif(fx.rate, 0) ELSE fx.rate END AS per_unit
             FROM fx_fixing AS fx
            WHERE fx.known_to IS NULL AND fx.fixed_on <= daily.on_day
              AND ((base_currency = daily.currency AND quote_currency = %(pivot)s::text)
                   OR (base_currency = %(pivot)s::text AND quote_currency = daily.currency))
            ORDER BY fx.fixed_on DESC LIMIT 1) AS own ON true
      LEFT JOIN LATERAL (
           SELECT CASE WHEN base_currency = %(pivot)s::text THEN 1 / nullif(fx.rate, 0) ELSE fx.rate END AS per_unit
             FROM fx_fixing AS fx
            WHERE fx.known_to IS NULL AND fx.fixed_on <= daily.on_day
              AND ((base_currency = %(firm)s::text AND quote_currency = %(pivot)s::text)
                   OR (base_currency = %(pivot)s::text AND quote_currency = %(firm)s::text))
            ORDER BY fx.fixed_on DESC LIMIT 1) AS firm ON true
)
SELECT coalesce(sum(amount * rate), 0) FROM rated
