-- Purpose: how portfolios are called.  Grain: one row per portfolio.  Owner: helio_worker.

SELECT id, code, name FROM portfolio WHERE id = ANY (%(ids)s::integer[])
