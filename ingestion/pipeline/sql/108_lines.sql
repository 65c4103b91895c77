-- Purpose: the lines of a file that hold a record or a reject.
-- Grain:   one row per line.  Owner: helio_worker, while loading.

SELECT DISTINCT line_no FROM {table} WHERE file_id = %(file)s::integer
