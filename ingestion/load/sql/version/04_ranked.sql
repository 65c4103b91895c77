-- Purpose: does a rank decide between sources for this kind of record?
-- Grain:   one row.  Owner: helio_worker, while loading.

SELECT EXISTS (SELECT FROM public.source_rank WHERE record = %(record)s::text AND rank <> 50)
