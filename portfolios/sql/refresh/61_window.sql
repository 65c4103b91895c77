-- Purpose: moves the first day of the open window. Returns a row only when it was another.
-- Grain:   one row.

UPDATE rollup_window SET open_from = %(open_from)s::date
 WHERE open_from <> %(open_from)s::date
RETURNING open_from;
