-- Purpose: spreads what was noted over listings and currencies. New valuation days touch them all.
-- Grain:   one row per listing, one per currency.

INSERT INTO work_listing
SELECT listing_id, min(from_on)
  FROM (SELECT listing_id, from_on FROM taken WHERE listing_id IS NOT NULL
        UNION ALL
        SELECT l.id, t.from_on FROM listing l, taken t
         WHERE t.everything
        UNION ALL
        SELECT l.id, %(new_from)s::date FROM listing l WHERE %(new_from)s::date IS NOT NULL) AS noted
 GROUP BY listing_id;

INSERT INTO work_currency
SELECT currency, min(from_on)
  FROM (SELECT currency, from_on FROM taken WHERE currency <> ''
        UNION ALL
        SELECT c.currency, t.from_on
          FROM (SELECT base_currency AS currency FROM fx_fixing
                UNION SELECT quote_currency FROM fx_fixing
                UNION SELECT %(pivot)s::text) AS c, taken t
         WHERE t.everything
        UNION ALL
        SELECT c.currency, %(new_from)s::date
          FROM (SELECT base_currency AS currency FROM fx_fixing
                UNION SELECT quote_currency FROM fx_fixing
                UNION SELECT %(pivot)s::text) AS c
         WHERE %(new_from)s::date IS NOT NULL) AS noted
 GROUP BY currency;

ANALYZE work_listing, work_currency;
