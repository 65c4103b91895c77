-- Purpose: the few staged records that are not the only one of their fact: another is staged with
--          them, or is stored already, be it the same record or another version.
-- Grain:   one row per such record, in staging.rival.  Owner: helio_worker, while loading.
--          {staging}, {target}; {same_fact} compares s(taged) with t(arget); {fact_values} are the
--          staged columns that identify a fact; {may_be_stored} is false of s where nothing is stored
--          of its day (06).

INSERT INTO staging.rival (batch_id, row_id)
SELECT s.batch_id, s.row_id
  FROM {staging} AS s
 -- One look each: joined as sets, all facts would be read for every part of a file.
 CROSS JOIN LATERAL (SELECT FROM {target} AS t WHERE {same_fact} LIMIT 1) AS stored
 WHERE s.batch_id = %(batch)s::integer AND s.outcome IS NULL AND s.code IS NULL
   AND {may_be_stored}
UNION
SELECT s.batch_id, s.row_id
  FROM {staging} AS s
 WHERE s.batch_id = %(batch)s::integer AND s.outcome IS NULL AND s.code IS NULL
   AND ({fact_values}) IN (SELECT {fact_values}
                             FROM {staging} AS s
                            WHERE s.batch_id = %(batch)s::integer
                              AND s.outcome IS NULL AND s.code IS NULL
                            GROUP BY {fact_values}
                           HAVING count(*) > 1)
