-- Purpose: the facts of this load that have rivals (08), to be judged by the ranks of their sources.
-- Grain:   one row per fact, by any of its rows.  Owner: helio_worker, while loading.
--          {same_fact} compares s(taged) with t(arget); {contested} says of which t(arget) rows:
--          all where ranks differ, else those a source stands by no more.

INSERT INTO staging.contested (batch_id, fact_id)
SELECT %(batch)s::integer, min(t.id)
  FROM staging.rival
  JOIN {staging} AS s ON s.row_id = rival.row_id AND s.outcome IS NULL AND s.code IS NULL
  JOIN {target} AS t ON {same_fact} AND {contested}
 WHERE rival.batch_id = %(batch)s::integer
 GROUP BY s.row_id
