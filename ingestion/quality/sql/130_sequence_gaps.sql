-- Purpose: files that were numbered and never came: holes between the first and the last number.
--          A rejected file did come. A hole of more than twenty numbers is one finding.
-- Grain:   one row per missing number, or per long hole.
-- Owner:   helio_worker.  Readers: quality/files.py.

WITH numbered AS (
    SELECT DISTINCT file.source_id, file.kind, file.sequence::bigint AS number, length(file.sequence) AS digits
      FROM public.source_file AS file
     WHERE file.sequence ~ '^[0-9]{1,12}$' AND file.kind <> ''
), hole AS (
    SELECT source_id, kind, digits, number AS before,
           lead(number) OVER (PARTITION BY source_id, kind ORDER BY number) AS after
      FROM numbered
), missing AS (
    SELECT hole.*, number, lpad(number::text, digits, '0') AS label
      FROM hole
     CROSS JOIN LATERAL generate_series(before + 1, after - 1) AS number
     WHERE after - before BETWEEN 2 AND 21
    UNION ALL
    SELECT hole.*, before + 1,
           lpad((before + 1)::text, digits, '0') || ' to ' || lpad((after - 1)::text, digits, '0')
      FROM hole
     WHERE after - before > 21
)
SELECT 'SEQUENCE_GAP' AS code, source.name AS source, missing.kind || ' ' || missing.label AS subject,
       NULL::date AS finding_day,
       format('No file with the number %%s came between %%s and %%s.', missing.label, lower.name, upper.name) AS sentence,
       jsonb_build_object(
           'numbers', jsonb_build_object('number', missing.label, 'before', lower.name, 'after', upper.name),
           'rows', jsonb_build_array(
               jsonb_build_object('fact', 'source_file', 'file', lower.id, 'line', 1),
               jsonb_build_object('fact', 'source_file', 'file', upper.id, 'line', 1))) AS evidence,
       NULL::integer AS portfolio_id, NULL::integer AS listing_id,
       coalesce(upper.made_at, upper.received_at) AS known_from, '' AS closed_because
  FROM missing
  JOIN public.source ON source.id = missing.source_id
  CROSS JOIN LATERAL (
       SELECT id, name FROM public.source_file AS file
        WHERE file.source_id = missing.source_id AND file.kind = missing.kind
          AND file.sequence = lpad(missing.before::text, missing.digits, '0')
        ORDER BY id DESC LIMIT 1) AS lower
  CROSS JOIN LATERAL (
       SELECT id, name, made_at, received_at FROM public.source_file AS file
        WHERE file.source_id = missing.source_id AND file.kind = missing.kind
          AND file.sequence ~ '^[0-9]{1,12}$' AND file.sequence::bigint = missing.after
        ORDER BY id LIMIT 1) AS upper
