-- Purpose: the codes and keys that held records wait for, with the value at stake in the firm's
--          currency: |gross amount| of events, |amount| of postings, |market value| of custody
--          lines (of several days the newest), each at the last fixing on or before its day.
-- Grain:   one row per kind, scheme or system, value and scope.
-- Owner:   helio_worker, after a load.  %(pivot)s, %(firm)s are currencies.

WITH held AS (
    SELECT item.id, item.code, item.sentence, item.raised_at, item.record,
           item.staged ->> 'portfolio_key' AS account,
           CASE WHEN item.code = 'UNKNOWN_BOOK' THEN 'portfolio_key' ELSE 'identifier' END AS kind,
           -- cut to what a code can be: nonsense is long, and must be counted all the same
           left(CASE WHEN item.code = 'UNKNOWN_BOOK' THEN item.staged ->> 'system' ELSE item.staged ->> 'scheme' END, 40) AS scheme,
           left(CASE WHEN item.code = 'UNKNOWN_BOOK' THEN item.staged ->> 'portfolio_key' ELSE item.staged ->> 'identifier' END, 60) AS value,
           left(CASE WHEN item.code = 'UNKNOWN_BOOK' THEN ''
                     WHEN item.staged ->> 'scheme' = 'SYMBOL' THEN coalesce(venue.operating_mic, item.staged ->> 'scope', '')
                     ELSE coalesce(item.staged ->> 'scope', '') END, 10) AS scope,
           coalesce((item.staged ->> 'on_day')::date,
                    ((item.staged ->> 'executed_at')::timestamptz AT TIME ZONE 'UTC')::date,
                    item.known_from::date) AS on_day,
           abs(CASE item.record
                   WHEN 'event'   THEN coalesce((item.staged ->> 'gross_amount')::numeric, (item.staged ->> 'cash_effect')::numeric)
                   WHEN 'posting' THEN (item.staged ->> 'amount')::numeric
                   WHEN 'holding' THEN (item.staged ->> 'market_value')::numeric END) AS amount,
           CASE WHEN item.record <> 'holding'          THEN item.staged ->> 'currency'
                WHEN item.staged ->> 'scheme' = 'CASH' THEN item.staged ->> 'identifier'
                ELSE item.staged ->> 'scope' END AS currency
      FROM exception_item AS item
      LEFT JOIN venue ON item.staged ->> 'scheme' = 'SYMBOL' AND venue.segment_mic = item.staged ->> 'scope'
     WHERE item.state = 'held' AND item.staged IS NOT NULL
       AND item.code IN ('UNKNOWN_BOOK', 'UNKNOWN_INSTRUMENT', 'EXPIRED_IDENTIFIER',
                         'AMBIGUOUS_IDENTIFIER', 'CHECK_DIGIT', 'REMAPPED')
), named AS MATERIALIZED (
    SELECT held.*,
           held.record <> 'holding'
           OR row_number() OVER (PARTITION BY kind, scheme, value, scope, account, record
                                 ORDER BY on_day DESC, id DESC) = 1 AS counts
      FROM held
     WHERE scheme IS NOT NULL AND value IS NOT NULL
), rate AS MATERIALIZED (
    SELECT asked.currency, asked.on_day, pivots.per_unit / nullif(firm.per_unit, 0) AS rate
      FROM (SELECT DISTINCT currency, on_day FROM named WHERE currency <> '' AND amount IS NOT NULL) AS asked
     CROSS JOIN LATERAL (
           SELECT CASE WHEN asked.currency = %(pivot)s::text THEN 1 ELSE (
               SELECT CASE WHEN base_currency = %(pivot)s::text THEN 1 / nullif(fx.rate, 0) ELSE fx.rate END
                 FROM fx_fixing AS fx
                WHERE fx.known_to IS NULL AND fx.fixed_on <= asked.on_day
                  AND ((base_currency = asked.currency AND quote_currency = %(pivot)s::text)
                       OR (base_currency = %(pivot)s::text AND quote_currency = asked.currency))
                ORDER BY fx.fixed_on DESC LIMIT 1) END AS per_unit) AS pivots
     CROSS JOIN LATERAL (
           SELECT CASE WHEN %(firm)s::text = %(pivot)s::text THEN 1 ELSE (
               SELECT CASE WHEN base_currency = %(pivot)s::text THEN 1 / nullif(fx.rate, 0) ELSE fx.rate END
                 FROM fx_fixing AS fx
                WHERE fx.known_to IS NULL AND fx.fixed_on <= asked.on_day
                  AND ((base_currency = %(firm)s::text AND quote_currency = %(pivot)s::text)
                       OR (base_currency = %(pivot)s::text AND quote_currency = %(firm)s::text))
                ORDER BY fx.fixed_on DESC LIMIT 1) END AS per_unit) AS firm
), valued AS (
    SELECT named.*, CASE WHEN counts THEN named.amount * rate.rate END AS worth,
           CASE WHEN NOT counts OR named.amount * rate.rate IS NOT NULL THEN NULL
                WHEN named.record = 'price'   THEN 'a price carries no amount'
                WHEN named.amount IS NULL     THEN 'the record carries no amount'
                ELSE format('no fixing for %%s on %%s', named.currency, named.on_day) END AS lacks
      FROM named
      LEFT JOIN rate ON rate.currency = named.currency AND rate.on_day = named.on_day
)
SELECT kind, scheme, value, scope,
       (array_agg(code ORDER BY id DESC))[1] AS code,
       (array_agg(sentence ORDER BY id DESC))[1] AS sentence,
       count(*)::integer AS records,
       min(on_day) AS first_on,
       max(on_day) AS last_on,
       min(raised_at) AS waiting_since,
       sum(worth) AS value_at_stake,
       coalesce(min(lacks), '') AS value_reason,
       count(lacks)::integer AS unvalued,
       (array_agg(id ORDER BY id DESC))[1:100] AS items
  FROM valued
 GROUP BY kind, scheme, value, scope
 ORDER BY sum(worth) DESC NULLS LAST, kind, scheme, value, scope
