-- Purpose: the state of what carries no batch number: sessions and valuation days.
-- Grain:   one row.  Owner: helio_worker.  Readers: quality/scope.py.

SELECT (SELECT count(*) FROM public.market_session) AS sessions,
       (SELECT count(*) FROM public.valuation_day)  AS valuation_days
