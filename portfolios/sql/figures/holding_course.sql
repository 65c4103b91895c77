-- Purpose: what each holding was worth at the close of each day of a period, the opening one included, and
--          the cash of its trades and its income after that, in the base currency of those who hold it;
--          what portfolios of one base currency hold is taken together.
-- Grain:   one row per listing, base currency and currency of its price, cash included; by key. Days are
--          offsets from the first one; one without a known value is left out. Numbers are texts, separated
--          by spaces: an array of numbers takes the reader twice as long.
-- Readers: portfolios/figures/courses.py, as helio_web.

-- Units change on few days: they are added up first, and multiplied along one index after that.
-- Portfolio by portfolio: one plan serves any of them, and would go through everybody's for one.
WITH book AS MATERIALIZED (
    SELECT o.id, o.base_currency FROM portfolio o
     WHERE %(portfolio_ids)s::integer[] IS NULL OR o.id = ANY (%(portfolio_ids)s::integer[])
), state AS (
    SELECT s.listing_id, k.base_currency, s.valued_units AS units, greatest(s.from_on, %(start)s::date) AS from_on,
           least(coalesce(s.to_on, 'infinity'::date), %(until)s::date) AS to_on
      FROM book k
      CROSS JOIN LATERAL (
            SELECT * FROM holding_state h
             WHERE h.portfolio_id = k.id AND h.units <> 0 AND h.from_on <= %(until)s::date
               AND coalesce(h.to_on, 'infinity'::date) >= %(start)s::date
            OFFSET 0) AS s
), step AS (
    SELECT listing_id, base_currency, from_on AS on_day, units FROM state
    UNION ALL
    SELECT listing_id, base_currency, to_on + 1, -units FROM state
), run AS (
    SELECT s.listing_id, s.base_currency, s.on_day, lead(s.on_day) OVER life - 1 AS until,
           sum(sum(s.units)) OVER life AS units
      FROM step s
     GROUP BY s.listing_id, s.base_currency, s.on_day
    WINDOW life AS (PARTITION BY s.listing_id, s.base_currency ORDER BY s.on_day)
), held AS (
    SELECT r.listing_id, r.base_currency, q.price_currency,
           string_agg((q.valued_on - %(start)s::date)::text, ' ')           AS offsets,
           string_agg(((r.units * q.base_price)::numeric(30, 10))::text, ' ') AS amounts
      FROM run r
      JOIN base_price_daily q ON q.listing_id = r.listing_id AND q.base_currency = r.base_currency
                             AND q.valued_on BETWEEN r.on_day AND r.until
     WHERE r.units <> 0 AND q.base_price IS NOT NULL
     GROUP BY r.listing_id, r.base_currency, q.price_currency
), moved AS (
    SELECT a.listing_id, k.base_currency, l.price_currency,
           string_agg((a.valued_on - %(start)s::date)::text, ' ') AS moved_offsets,
           string_agg(a.traded_cash::text, ' ')                   AS traded,
           string_agg(a.dividend_income::text, ' ')               AS income
      FROM book k
      CROSS JOIN LATERAL (
            SELECT * FROM listing_activity b
             WHERE b.portfolio_id = k.id AND b.valued_on > %(start)s::date AND b.valued_on <= %(until)s::date
            OFFSET 0) AS a
      JOIN listing l ON l.id = a.listing_id
     GROUP BY a.listing_id, k.base_currency, l.price_currency
), course AS (
    SELECT listing_id, base_currency, price_currency,
           coalesce(h.offsets, '') AS offsets, coalesce(h.amounts, '') AS amounts,
           coalesce(m.moved_offsets, '') AS moved_offsets, coalesce(m.traded, '') AS traded,
           coalesce(m.income, '') AS income
      FROM held h
      FULL JOIN moved m USING (listing_id, base_currency, price_currency)
)
SELECT c.listing_id, l.key AS listing_key, i.name, i.security_type, i.sector, i.domicile,
       coalesce(u.name, '') AS issuer, l.price_currency AS currency, left(l.key, 5) = 'CASH:' AS is_cash,
       c.base_currency, c.price_currency, c.offsets, c.amounts, c.moved_offsets, c.traded, c.income
  FROM course c
  JOIN listing l     ON l.id = c.listing_id
  JOIN instrument i  ON i.id = l.instrument_id
  LEFT JOIN issuer u ON u.id = i.issuer_id
 ORDER BY l.key;
