-- Purpose: the portfolios that the person who asks may see, with the names of their desks.
-- Grain:   one row per portfolio of the perimeter.
-- Readers: portfolios/figures/books.py, as helio_web.

SELECT o.id, o.code, o.name, o.client, o.base_currency, o.desk_id, k.name AS desk_name,
       o.team, o.opened_on, o.closed_on
  FROM portfolio o
  JOIN desk k ON k.id = o.desk_id
 ORDER BY o.code;
