-- Purpose: what the sectors of the firm's benchmark (the first one entered) held and earned each
--          day in one currency: fixed weights, rebalanced daily; price and gross dividends at the
--          day's fixings, splits undone (before the dividend of their day, as in the ledger). A
--          corporate action between valuation days takes effect on the next one. Funds are "Fund".
-- Grain:   one row per valuation day after the first and sector; none for a day on which a member
--          has no close.
-- Readers: portfolios/figures/attributed.py, as helio_web.

WITH firm_benchmark AS (
    SELECT id FROM benchmark ORDER BY id LIMIT 1
), member AS MATERIALIZED (
    SELECT w.listing_id, w.weight::double precision AS weight,
           CASE WHEN i.security_type IN ('ETF', 'Fund') THEN 'Fund'
                ELSE coalesce(nullif(i.sector, ''), 'Unclassified') END AS sector
      FROM index_weight w
      JOIN firm_benchmark b ON b.id = w.benchmark_id
      JOIN listing l        ON l.id = w.listing_id
      JOIN instrument i     ON i.id = l.instrument_id
     WHERE w.known_to IS NULL
), rate AS MATERIALIZED (
    SELECT f.currency, f.valued_on, (f.usd_per_unit / r.usd_per_unit)::double precision AS rate
      FROM fx_daily f
      JOIN fx_daily r ON r.currency = %(currency)s::text AND r.valued_on = f.valued_on
     WHERE f.valued_on BETWEEN %(start)s::date AND %(until)s::date
), term AS (
    SELECT c.listing_id, d.valued_on, c.kind,
           CASE WHEN c.kind = 'split'
                THEN (c.terms ->> 'new')::double precision / nullif((c.terms ->> 'old')::double precision, 0)
                ELSE (c.terms ->> 'per_unit')::double precision * r.rate END AS amount
      FROM corporate_action c
      JOIN member m        ON m.listing_id = c.listing_id
      JOIN valuation_day d ON d.valued_on >= c.effective_on AND d.previous_on < c.effective_on
      LEFT JOIN rate r     ON r.currency = c.terms ->> 'currency' AND r.valued_on = d.valued_on
     WHERE c.kind IN ('split', 'dividend') AND c.known_to IS NULL
       AND c.effective_on BETWEEN %(start)s::date AND %(until)s::date
), action AS MATERIALIZED (
    -- Terms that make no amount leave the day without a return, which takes it out.
    SELECT t.listing_id, t.valued_on, bool_and(t.amount > 0) IS TRUE AS is_known,
           coalesce(exp(sum(ln(t.amount)) FILTER (WHERE t.kind = 'split' AND t.amount > 0)), 1) AS split,
           coalesce(sum(t.amount) FILTER (WHERE t.kind = 'dividend'), 0)                        AS dividend
      FROM term t
     GROUP BY t.listing_id, t.valued_on
), valued AS MATERIALIZED (
    SELECT m.listing_id, m.weight, m.sector, p.valued_on, p.price::double precision * r.rate AS value
      FROM member m
      JOIN price_daily p ON p.listing_id = m.listing_id
                        AND p.valued_on BETWEEN %(start)s::date AND %(until)s::date
      JOIN rate r        ON r.currency = p.currency AND r.valued_on = p.valued_on
), earned AS (
    SELECT v.valued_on, v.sector, v.weight,
           -- The dividend is of a unit as held after the split of its day, if there is one.
           CASE WHEN a.is_known IS NOT false
                THEN coalesce(a.split, 1) * (v.value + coalesce(a.dividend, 0))
                     / lag(v.value) OVER (PARTITION BY v.listing_id ORDER BY v.valued_on) - 1 END AS return
      FROM valued v
      LEFT JOIN action a ON a.listing_id = v.listing_id AND a.valued_on = v.valued_on
), summed AS (
    SELECT e.valued_on, e.sector, sum(e.weight) AS weight, sum(e.weight * e.return) AS earned,
           sum(count(e.return)) OVER (PARTITION BY e.valued_on) AS members
      FROM earned e
     GROUP BY e.valued_on, e.sector
)
SELECT s.valued_on, s.sector AS "group", s.weight, s.earned / s.weight AS return
  FROM summed s
 WHERE s.members = (SELECT count(*) FROM member)
 ORDER BY s.valued_on, s.sector;
